internal import CLinux
internal import PupBasics
internal import PupSystem

/// A brain process and the two sockets to it: what is known of it, and nothing that is decided but its times. Each of its many
/// properties is a fact of its own, and most travel through an exec of the keeper.
final class Brain {
  let pid: Int32
  let pidfd: Descriptor
  let control: PacketSocket
  let logs: PacketSocket
  /// False for a brain that survived its keeper.
  let isChild: Bool
  let startedAt: Int64
  /// CLOCK_MONOTONIC: time asleep is not silence.
  var lastBeat: Int64
  /// When it last got nearer to supervising. One that beats, and gets no nearer, is stuck.
  var progressAt: Int64
  var greeted = false
  /// The protocol that both speak, since it has greeted.
  var agreed: UInt16 = 0
  /// Since when it supervises (CLOCK_MONOTONIC ns).
  var readyAt: Int64?
  /// What it could not be executed for; nothing comes out of it when it could.
  private var startReport: Descriptor?
  /// Why it will never supervise here, nor another one of its build.
  var refusal: String?
  /// This keeper ends it, and does nothing for it any more.
  var isRefused = false
  /// Why it ends: what it said itself, or what the keeper ends it for.
  var lastWords: String?
  /// The runs that the inventory still has to name.
  var inventoryQueue: [EntryKey] = []
  var inventoryChunk: UInt32 = 0
  var inventoryDone = false
  /// A chunk did not fit into the socket.
  var chunkBlocked = false
  /// When a brain that does not beat was told to abort.
  var abortedAt: Int64?
  /// It was asked to make way for a successor, at this time.
  var yieldingSince: Int64?
  /// It has said `exit`: its death ends the keeper with this code.
  var farewell: Int32?
  var toldTerminate = 0

  init(
    pid: Int32, pidfd: Descriptor, control: PacketSocket, logs: PacketSocket, isChild: Bool, startReport: Descriptor? = nil,
    now: Int64
  ) {
    self.pid = pid
    self.pidfd = pidfd
    self.control = control
    self.logs = logs
    self.isChild = isChild
    self.startReport = startReport
    startedAt = now
    lastBeat = now
    progressAt = now
  }

  /// What an exec of the keeper has to carry over.
  var descriptors: [Int32] { [pidfd.number, control.descriptor, logs.descriptor] }

  // MARK: Its end

  /// It fails only where the brain has ended, which its pidfd tells.
  func signal(_ signal: Int32) { _ = pup_pidfd_signal(pidfd.number, signal) }

  /// How it ended; nil while it lives. Of one that is no child of this keeper nobody can say how.
  func end() -> ChildEnd? { isChild ? ChildEnd(of: pidfd.number) : .unknown }

  // MARK: Its time

  static let longestSilence = 5 * Clock.second
  static let longestTakeOver = 30 * Clock.second

  /// When something has to be done about it, if it stays as it is.
  /// - Parameter safeModeEnd: when it is to make way at the end of safe mode.
  func deadline(safeModeEnd: Int64?) -> Int64 {
    if let abortedAt { return abortedAt + 2 * Clock.second }
    if let yieldingSince { return min(yieldingSince, lastBeat) + Self.longestSilence }
    return min(lastBeat + Self.longestSilence, takeOverDeadline, safeModeEnd ?? .max)
  }

  private var takeOverDeadline: Int64 { readyAt == nil ? progressAt + Self.longestTakeOver : .max }

  func isSilent(at now: Int64) -> Bool { lastBeat + Self.longestSilence <= now }

  /// Why a brain whose deadline has passed is replaced.
  func fault(at now: Int64) -> String {
    if isSilent(at: now) { return "it did not answer for \(Self.longestSilence / Clock.second) s" }
    if yieldingSince != nil { return "it did not make way within \(Self.longestSilence / Clock.second) s" }
    return greeted
      ? "it got no nearer to supervising for \(Self.longestTakeOver / Clock.second) s"
      : "it did not greet within \(Self.longestTakeOver / Clock.second) s"
  }

  /// False for one that has greeted a keeper before this one in a protocol that this one does not speak.
  var isUnderstood: Bool { !greeted || ProtocolFormat.messages.versions.contains(agreed) }

  /// Why it was never executed; nil when it was, or when that is not known yet.
  func takeStartFailure() -> StartFailure? {
    guard let report = startReport else { return nil }
    closeStartReport()
    return StartFailure(report: report.number)
  }

  func closeStartReport() { startReport = nil }

  /// What it has just sent is a sign of life, and it got nearer to supervising.
  func progressed() {
    lastBeat = Clock.monotonic
    progressAt = lastBeat
  }
}
