internal import CLinux
internal import PupBasics
internal import PupSystem

/// Takes output out of the pipes once the brain has it on disk: "consume stream S up to offset N", in batches. Only here do bytes
/// leave a pipe.
final class OutputTaker {
  /// Holds nothing but the log socket, and lies in the keeper's own: the kernel takes a message on a socket for a sign that its
  /// sender is about to sleep, and would have the keeper take turns with the log thread on one processor while another is free. A
  /// nested epoll hides the sign.
  private let poller: Poller
  private let runs: RunRegistry
  private let link: BrainLink
  private let ledger: StreamLedger
  /// Where the bytes go.
  private let null: Descriptor
  /// An answer did not fit into the socket.
  private var isBlocked = false

  init(nestedIn outer: Poller, runs: RunRegistry, link: BrainLink, ledger: StreamLedger, null: Descriptor) throws(SystemError) {
    poller = try Poller()
    (self.runs, self.link, self.ledger, self.null) = (runs, link, ledger, null)
    try outer.add(poller.descriptor, WatchKey(.logs))
  }

  // MARK: The brain in charge

  func connect(_ brain: Brain) throws(SystemError) {
    isBlocked = false
    try poller.add(brain.logs.descriptor, WatchKey(.logs))
  }

  func disconnect(_ brain: Brain) { poller.remove(brain.logs.descriptor) }

  // MARK: Requests

  func ready() {
    guard let brain = link.brain else { return }
    if isBlocked {
      // Only room for answers was awaited.
      isBlocked = false
      poller.change(brain.logs.descriptor, WatchKey(.logs), Poller.input)
      answerLeftovers()
    }
    for _ in 0..<64 {
      // Requests wait in the socket while answers cannot be sent: the brain's own socket is the bound. One that fails says no
      // more than the end of the brain does.
      guard !isBlocked, let received = try? brain.logs.receive() else { return }
      switch received {
      case .nothing: return
      case .end:
        poller.remove(brain.logs.descriptor)
        return
      case .packet(let packet):
        let message: LogMessage
        do throws(FormatError) {
          guard let known = try LogMessage.decoded(packet.bytes[...]) else { continue }
          message = known
        } catch {
          complain("the supervisor sent a log message of \(packet.bytes.count) bytes that is not understood: \(error)")
          continue
        }
        answer(message.items.compactMap(consume), to: brain)
      }
    }
  }

  /// Nil for a stream that is not known (any more): nobody can say what became of its bytes.
  private func consume(_ request: LogMessage.Item) -> LogMessage.Item? {
    guard let (key, which) = EntryKey.of(stream: request.key), var pipe = runs[key]?[which] else { return nil }
    var short = false
    while pipe.consumed < request.upTo {
      let moved = pup_splice_discard(pipe.descriptor.number, null.number, Int(min(request.upTo - pipe.consumed, 1 << 20)))
      guard moved > 0 else {
        // The program read its own pipe: those bytes are gone, and the count goes on as asked.
        short = true
        pipe.consumed = request.upTo
        break
      }
      pipe.consumed += UInt64(moved)
    }
    ledger.setConsumed(pipe.consumed, row: Int(pipe.row))
    runs[key]?[which] = pipe
    return LogMessage.Item(key: request.key, upTo: pipe.consumed, short: short)
  }

  // MARK: Answers

  private func answer(_ items: [LogMessage.Item], to brain: Brain) {
    // Where the brain is gone, the next one asks for itself.
    guard (try? brain.logs.send(LogMessage(items: items).encoded())) == false else { return }
    isBlocked = true
    for item in items { remember(item) }
    poller.change(brain.logs.descriptor, WatchKey(.logs), Poller.output)
  }

  private func remember(_ item: LogMessage.Item) {
    guard let (key, which) = EntryKey.of(stream: item.key) else { return }
    runs[key]?[which]?.unanswered = OutputPipe.Answer(short: item.short)
  }

  func answerLeftovers() {
    guard let brain = link.brain else { return }
    var items: [LogMessage.Item] = []
    for (key, entry) in runs.entries {
      for which in OutputStream.allCases {
        guard let pipe = entry[which], let open = pipe.unanswered else { continue }
        items.append(LogMessage.Item(key: key.stream(which), upTo: pipe.consumed, short: open.short))
        runs[key]?[which]?.unanswered = nil
        if items.count == LogMessage.limit {
          answer(items, to: brain)
          items = []
        }
      }
    }
    if !items.isEmpty { answer(items, to: brain) }
  }
}
