import CLinux
import Glibc
import PupSystem
import PupTestSupport
import Synchronization

@testable import PupLogs

/// The keeper's side: holds the pipes, takes bytes out of them when asked, and remembers how many.
final class TestKeeper: StreamConsumer, Sendable {
  struct Stream: Sendable {
    var row: Int
    var readEnd: Int32
    var consumed: UInt64 = 0
  }

  let streams = Mutex<[UInt64: Stream]>([:])
  let requests = Mutex(0)
  private let answer = Mutex<(@Sendable ([ConsumeReply]) -> Void)?>(nil)
  private let null: Int32
  let ledger: StreamLedger

  init(_ ledger: StreamLedger) {
    self.ledger = ledger
    null = open("/dev/null", O_WRONLY | O_CLOEXEC)
  }

  deinit {
    close(null)
    for stream in streams.withLock({ $0.values.map(\.readEnd) }) { close(stream) }
  }

  func answer(with body: (@Sendable ([ConsumeReply]) -> Void)?) { answer.withLock { $0 = body } }

  func consumed(_ key: UInt64) -> UInt64 { streams.withLock { $0[key]?.consumed ?? 0 } }

  func consume(_ requests: [ConsumeRequest]) {
    self.requests.withLock { $0 += 1 }
    let replies = requests.compactMap { request -> ConsumeReply? in
      streams.withLock { streams in
        guard var stream = streams[request.key] else { return nil }
        var short = false
        while stream.consumed < request.upTo {
          let count = pup_splice_discard(stream.readEnd, null, Int(request.upTo - stream.consumed))
          guard count > 0 else {
            short = true
            stream.consumed = request.upTo
            break
          }
          stream.consumed += UInt64(count)
        }
        ledger.setConsumed(stream.consumed, row: stream.row)
        streams[request.key] = stream
        return ConsumeReply(key: request.key, upTo: stream.consumed, short: short)
      }
    }
    answer.withLock { $0 }?(replies)
  }
}

/// A pump on a real loop with real pipes.
final class PumpBench {
  let ledgers: Ledgers
  let folder: TemporaryFolder
  let keeper: TestKeeper
  let drained = Inbox<UInt64>()
  var options: LogOptions
  var console: ConsoleSink?
  private(set) var pump: LogPump!
  private var thread: LoopThread!

  var logs: String { folder.at("logs") }
  var reader: LogReader { LogReader(directory: logs) }

  init(store: Bool = true, in parent: String = "/tmp") throws {
    signal(SIGPIPE, SIG_IGN)
    ledgers = try Ledgers()
    folder = try TemporaryFolder(in: parent)
    keeper = TestKeeper(try ledgers.streams())
    options = LogOptions(directory: store ? folder.at("logs") : nil, core: LogDestination(console: false))
  }

  deinit { stop() }

  func start(probe: CommitProbe? = nil) throws {
    let loop = try EventLoop(name: "log")
    let drained = drained
    pump = try LogPump(
      loop: loop, options: options, streams: try ledgers.streams(), sinks: try ledgers.sinks(), console: console,
      consumer: keeper,
      onDrained: { drained.put($0) }, probe: probe)
    let pump = pump!
    keeper.answer { [weak pump] in pump?.consumed($0) }
    thread = try LoopThread(running: loop)
  }

  /// Ends the pump's thread, without any chance for it to tidy up.
  func stop() {
    keeper.answer(with: nil)
    guard let thread else { return }
    thread.loop.stop()
    thread.join()
    self.thread = nil
    pump = nil
  }

  /// Makes a pipe that the keeper knows; answers its write end.
  func makeStream(_ key: UInt64, row: Int, packets: Bool = false, capacity: Int32? = nil) throws -> Int32 {
    var (readEnd, writeEnd): (Int32, Int32) = (0, 0)
    try check(pup_pipe(&readEnd, &writeEnd, false), "pipe2")
    // O_DIRECT: each write is a packet.
    if packets { try check(fcntl(writeEnd, F_SETFL, 0o40000), "fcntl") }
    if let capacity { try check(pup_pipe_set_capacity(writeEnd, capacity), "F_SETPIPE_SZ") }
    let stream = TestKeeper.Stream(row: row, readEnd: readEnd)
    keeper.ledger.allocate(row: row, key: key)
    keeper.streams.withLock { $0[key] = stream }
    return writeEnd
  }

  func attach(
    _ key: UInt64, process: String = "web", _ which: OutputStream = .standardOutput,
    _ destination: LogDestination = LogDestination(console: false)
  ) throws {
    guard let stream = keeper.streams.withLock({ $0[key] }) else { return }
    let copy = try check(pup_duplicate(stream.readEnd, 3), "dup")
    pump.attach(
      StreamAttachment(
        row: stream.row, key: key, descriptor: Descriptor(copy), process: process, which: which, consumed: stream.consumed,
        destination: destination))
  }

  /// Waits until what was posted before has been done.
  func settle() {
    let done = Inbox<Bool>()
    pump.flush { done.put(true) }
    _ = done.take()
  }

  func texts(_ query: LogQuery = LogQuery(processes: ["web"])) -> [String] {
    reader.lines(query).map { String(decoding: $0.text, as: UTF8.self) }
  }
}
