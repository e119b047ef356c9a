internal import PupBasics
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem

/// The conversation with the keeper, and with the next one after it: greeting, heartbeat, messages, and what goes wrong between.
/// Belongs to the control loop.
final class KeeperSession {
  private let loop: EventLoop
  private let logs: BrainLogs
  private let isStandby: Bool
  private var link: KeeperLink?
  /// What the keeper has said of itself and of the instance; of the latest keeper.
  private(set) var welcome = KeeperMessage.Welcome()
  private(set) var pid: Int32 = 0
  private(set) var startTime: UInt64 = 0
  /// The shared files, the lock, the executables, in the order of `WelcomeDescriptor`; the first keeper's.
  private(set) var held: [Descriptor] = []
  /// Since when this brain supervises (µs since 1970).
  private(set) var readyAt: Int64?
  private(set) var counters = KeeperLinkCounters()
  /// Descriptors are closed unless somebody takes them.
  var onMessage: (KeeperMessage, [Descriptor]) -> Void = { _, _ in }
  /// A message of so many bytes that is not understood.
  var onMisfit: (FormatError, Int) -> Void = { _, _ in }
  /// The keeper has died.
  var onEnd: () -> Void = {}

  init(on loop: EventLoop, standby: Bool, _ logs: BrainLogs) {
    (self.loop, isStandby, self.logs) = (loop, standby, logs)
  }

  // MARK: The link

  func open(_ control: Descriptor) {
    let me = LoopBound(self, to: loop)
    let link = KeeperLink(
      socket: control, loop: loop,
      onMessage: { message, descriptors in me { $0.onMessage(message, descriptors) } },
      onMisfit: { error, count in me { $0.onMisfit(error, count) } },
      onLoss: { loss in me { $0.lost(loss) } },
      onEnd: { me { $0.ended() } })
    self.link = link
    do {
      try link.start { readiness in me { $0.link?.serve(readiness) } }
    } catch {
      fatal("\(error)")
    }
    link.send(.hello(Hello(build: PupVersion.text, standby: isStandby && welcome.keeperPid == 0)))
  }

  private func ended() {
    link = nil
    onEnd()
  }

  var isOpen: Bool { link != nil }

  /// Without a keeper nothing is sent: a new one is told everything.
  func send(_ message: BrainMessage, owned: [Descriptor] = []) { link?.send(message, owned: owned) }

  /// Calls back when the keeper has all that was sent; never where there is none.
  func drain(then done: @escaping @Sendable () -> Void) { link?.drain(then: done) }

  /// A test's end.
  func shut() {
    link?.shut()
    link = nil
  }

  // MARK: The keeper

  /// Takes a welcome.
  /// - Returns: the descriptors that the keeper has kept for later brains, by their names.
  func take(_ welcome: KeeperMessage.Welcome, _ descriptors: [Descriptor]) -> [String: Descriptor] {
    let messages = ProtocolFormat.messages
    guard messages.versions.contains(welcome.agreed) else {
      refuse(
        "the keeper speaks \(messages.name) \(Format.words(welcome.speaks)) and this supervisor \(Format.words(messages.versions))"
      )
    }
    let count = WelcomeDescriptor.allCases.count
    // Later keepers may send more, behind those.
    guard descriptors.count >= count + welcome.kept.count else {
      fatal("the keeper's welcome came without all of its descriptors")
    }
    self.welcome = welcome
    pid = welcome.keeperPid
    startTime = ProcFiles.stat(of: pid)?.startTime ?? 0
    // A new keeper has the same files, from this brain's own hands.
    if held.isEmpty { held = Array(descriptors.prefix(count)) }
    return Dictionary(zip(welcome.kept, descriptors.dropFirst(count)), uniquingKeysWith: { $1 })
  }

  /// A wish for the end that cannot be carried out yet.
  func remember(terminateSignal signal: Int32) {
    if welcome.terminateSignal == 0 { welcome.terminateSignal = signal }
  }

  /// From now on this brain supervises.
  func ready() {
    readyAt = Clock.wallMicroseconds
    send(.ready)
  }

  // MARK: What goes wrong

  func misunderstood(_ what: String, _ error: FormatError) {
    counters.misunderstood += 1
    let number = counters.misunderstood
    guard KeeperLinkCounters.isReported(number) else { return }
    let count = number == 1 ? "" : " (number \(number) of such messages)"
    logs.log(.error, .keeper, "the keeper sent \(what) that is not understood: \(error)\(count)")
  }

  private func lost(_ loss: KeeperLink.Loss) {
    counters.dropped += 1
    let number = counters.dropped
    switch loss {
    case .overflow(isFirst: false): break
    case .overflow(isFirst: true):
      logs.log(
        .error, .keeper,
        "the keeper (pid \(pid)) does not read its messages: \(KeeperLink.bound) are waiting, and more are dropped until it does; programs "
          + "keep running but cannot be started or stopped. If it is stopped (state T in ps), continue it: kill -CONT \(pid)"
      )
    case .unsent(let error):
      guard KeeperLinkCounters.isReported(number) else { return }
      logs.log(.error, .keeper, "a message to the keeper could not be sent: \(error) (\(number) dropped so far)")
    }
  }
}
