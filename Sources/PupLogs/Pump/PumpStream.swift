internal import CLinux
internal import Glibc
internal import PupSystem

/// One child's stdout or stderr, as the pump knows it.
final class PumpStream {
  /// What the pump waits for.
  enum Waiting: Equatable {
    case nothing
    /// Any byte; epoll reports once.
    case data
    /// More bytes than there are; epoll reports each write.
    case more
    /// The next look at the pipe, a few milliseconds later.
    case pause
    /// The keeper's answer to a request up to this offset.
    case answer(UInt64)
  }

  let row: Int
  let key: UInt64
  private let pipe: Descriptor
  let process: String
  let which: OutputStream
  var origin: LineOrigin
  let mark: StreamMark
  let store: StoreSink?
  let tally: LogTally
  var file: FileSink?
  var destination: LogDestination {
    didSet { origin = Self.origin(process, which, destination) }
  }

  var waiting = Waiting.nothing
  var registration: Registration?
  /// CLOCK_BOOTTIME: when to look again, for `pause` and for a partial line that is getting old.
  var due: Int64?
  /// Bytes the keeper has taken out of the pipe.
  var consumed: UInt64
  /// Bytes that were passed to the sinks: `consumed`, and more while a look is in progress.
  var taken: UInt64
  /// Bytes that were shown on the console and to the observer: a replay is not shown twice.
  var shown: UInt64
  /// The last piece that was shown has not ended yet.
  var isLineOpen = false
  /// The severity of the line of which the sinks have a part.
  var openSeverity: LogSeverity?
  /// Bytes without a line feed, if that is all the pipe holds; since when there are any, and until when they may be held.
  /// CLOCK_BOOTTIME.
  var partial: (length: Int, since: Int64, due: Int64)?
  var capacity: Int
  let firstCapacity: Int
  /// When the last batch was taken, and whether the one before was shortly before it.
  var lastBatch: Int64 = 0
  var isBusy = false
  /// How long the child takes to fill a quarter of the pipe. Nanoseconds.
  private(set) var fillTime = Int64.max
  /// Bytes taken since that moment.
  private var window: (start: Int64, bytes: Int) = (0, 0)
  /// The last look found the pipe at least half full: the child is faster than the pauses.
  var wasLoaded = false
  var loadedLooks = 0
  var treeEnded = false
  /// All write ends are closed.
  var hungUp = false
  /// Where the kernel cannot copy: bytes that were read and wait for the end of their line.
  var direct: [UInt8]?
  var toldShort = false

  init(_ attachment: StreamAttachment, store: StoreSink?, file: FileSink?, tally: LogTally) {
    row = attachment.row
    key = attachment.key
    pipe = attachment.descriptor
    process = attachment.process
    which = attachment.which
    origin = Self.origin(attachment.process, attachment.which, attachment.destination)
    mark = attachment.which == .standardError ? .error : .output
    destination = attachment.destination
    consumed = attachment.consumed
    taken = attachment.consumed
    shown = attachment.consumed
    self.store = store
    self.file = file
    self.tally = tally
    firstCapacity = max(4096, Int(pup_pipe_capacity(attachment.descriptor.number)))
    capacity = firstCapacity
    shown = max(consumed, committed)
  }

  var descriptor: Int32 { pipe.number }

  private static func origin(_ process: String, _ which: OutputStream, _ destination: LogDestination) -> LineOrigin {
    let isError = which == .standardError
    return LineOrigin(
      process: process, severity: isError ? .error : .log, category: which.category,
      detects: destination.detectSeverity)
  }

  /// How far all sinks have got: what the keeper may take out of the pipe.
  var committed: UInt64 {
    let inStore = store.map { max($0.committed(row: row, key: key), consumed) }
    let inFile = file.map { max($0.committed(row: row, key: key), consumed) }
    return min(inStore ?? .max, inFile ?? inStore ?? consumed)
  }

  /// Shorter times say little, since a child that had to wait leaves small batches.
  private static let rateWindow: Int64 = 2_000_000

  func noteBatch(_ bytes: Int, at boot: Int64) {
    window.bytes += bytes
    let passed = boot - window.start
    guard passed >= Self.rateWindow else { return }
    let time = Double(passed) * Double(capacity / 4) / Double(max(window.bytes, 1))
    fillTime = Int64(min(time, 1e9))
    window = (boot, 0)
  }

  var available: Int { max(0, Int(pup_bytes_readable(descriptor))) }

  func position(_ offset: UInt64) -> LineBatch.Stream { LineBatch.Stream(row: row, key: key, offset: offset, which: mark) }

  /// Whether a writer would have to wait. The read end cannot tell (a page may be half empty), a write end can.
  func isFull(available: Int) -> Bool {
    let writeEnd = Descriptor(pup_reopen_read_write(descriptor))
    guard writeEnd.isOpen else { return available >= capacity - 2 * 4096 }
    var poll = pollfd(fd: writeEnd.number, events: Int16(POLLOUT), revents: 0)
    return Glibc.poll(&poll, 1, 0) == 0
  }
}
