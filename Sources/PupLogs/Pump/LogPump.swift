internal import Glibc
package import PupSystem

/// Moves the children's output into the log store, the `logger.*` files and the console, exactly once for the first two.
///
/// An actor on the log loop. Its calls may come from any thread, and take effect in the order in which they were made.
///
/// For each stream the pump runs a cycle: bytes are there → copy them (`tee`; they stay in the pipe) → split into lines → write →
/// commit → ask the keeper to take the bytes out → on its answer, look again. Only one batch of a stream is in flight at a time.
///
/// It is large because the steps of one cycle decide about each other: what is written, committed, asked for and answered is one
/// state. What can be decided without the others is in `PumpStream`, `PipeBudget` and `Committer`.
package actor LogPump {
  /// At most this many bytes of a stream are taken at a time, so that the others get their turn, and the child can go on filling
  /// a large pipe in the meantime.
  static let batchBytes = 384 << 10
  /// The same after the beginning of a line, in the buffer that batches are read into.
  static let bufferBytes = batchBytes + LineFormat.maximumText + ScratchPipe.largestPacket

  let loop: EventLoop
  let options: LogOptions
  let context: SinkContext
  let console: ConsoleSink?
  let probe: CommitProbe?
  let onDrained: @Sendable (_ key: UInt64) -> Void
  let mailbox = EntryMailbox()
  let tallies = LogTallies()
  /// Nil while there is no observer.
  var feed: LogFeed?
  let memory = ReadBuffer(byteCount: LogPump.bufferBytes)
  var scratch: ScratchPipe
  var budget = PipeBudget()
  var consumer: any StreamConsumer

  var streams: [UInt64: PumpStream] = [:]
  var stores: [String: StoreSink] = [:]
  var files: [String: FileSink] = [:]
  var destinations: [String: LogDestination] = [:]
  /// Streams with a time to look at them again.
  var timed: [UInt64: PumpStream] = [:]
  var tick: (timer: Timer, at: Int64)?
  /// Pup's own lines, the first of which waits for output.
  var held: [HeldEntry] = []
  var heldTimer: Timer?
  var requests: [ConsumeRequest] = []
  var isFlushPosted = false
  var retryTimer: Timer?
  var reserveTimer: Timer?
  var openStores = 0
  /// Bytes written since the whole store was last measured.
  var unmeasured: Int64 = 0
  var isPurging = false
  var isAbandoned = false

  package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  /// - Parameters:
  ///   - loop: the log loop; the pump may be made before it runs.
  ///   - streams: the rows that keeper and brain share.
  ///   - sinks: the commit records. They are applied before the first stream arrives.
  ///   - consumer: takes committed bytes out of the pipes.
  ///   - onDrained: called on the loop when a stream whose tree has ended is empty and closed.
  ///   - probe: only for tests of what a crash leaves behind.
  package init(
    loop: EventLoop, options: LogOptions, streams: StreamLedger, sinks: sending SinkLedger, console: ConsoleSink?,
    consumer: any StreamConsumer, onDrained: @escaping @Sendable (_ key: UInt64) -> Void, probe: CommitProbe? = nil
  ) throws(SystemError) {
    self.loop = loop
    self.options = options
    self.console = console
    self.consumer = consumer
    self.onDrained = onDrained
    self.probe = probe
    scratch = try ScratchPipe()
    sinks.recover(into: streams)
    context = SinkContext(streams: streams, ledger: sinks, probe: probe, foldersAbove: options.foldersAbove)
  }

  // MARK: - Calls from any thread

  /// Takes a stream over. Its process's lines go to `destination` from now on.
  package nonisolated func attach(_ stream: StreamAttachment) { onLoop { $0.begin(stream) } }

  /// No process is left that could write to the stream: take what is there, then call `onDrained`.
  package nonisolated func treeEnded(key: UInt64) { onLoop { $0.end(key) } }

  /// The keeper's answers.
  package nonisolated func consumed(_ replies: [ConsumeReply]) {
    onLoop { pump in
      for reply in replies { pump.answered(reply) }
    }
  }

  /// A new keeper: unanswered requests are repeated.
  package nonisolated func reattach(consumer: any StreamConsumer) { onLoop { $0.resume(with: consumer) } }

  /// A line of Pup's own. Never waits; if thousands are already waiting, it is dropped and counted.
  package nonisolated func write(_ entry: LogEntry) {
    let time = LogTime(microseconds: Clock.wallMicroseconds)
    if mailbox.put(entry, time) { onLoop { $0.writeMail() } }
  }

  /// Where the lines of a process go, including those of streams that are already attached. `LogEntry.core` is the supervisor
  /// itself.
  package nonisolated func setDestination(_ destination: LogDestination, process: String) {
    onLoop { $0.redirect(process, destination) }
  }

  /// The process is no longer configured and has no stream: its sinks are closed and their records released.
  package nonisolated func forget(process: String) { onLoop { $0.release(process) } }

  /// Removes from the store what is too old or exceeds its limits. Call it every 15 minutes.
  package nonisolated func purge(now: LogTime) { onLoop { $0.startPurge(now) } }

  /// Calls back on the loop when everything passed in before is written.
  package nonisolated func flush(then done: @escaping @Sendable () -> Void) {
    onLoop { pump in
      pump.writeMail()
      pump.perform { () throws(Abandoned) in try pump.writeHeld(waiting: false) }
      done()
    }
  }

  nonisolated func onLoop(_ body: @escaping @Sendable (isolated LogPump) -> Void) {
    loop.post { self.assumeIsolated { pump in body(pump) } }
  }

  // MARK: - Steps

  var buffer: UnsafeMutableRawBufferPointer { memory.bytes }

  var now: LogMoment { LogMoment(wall: LogTime(microseconds: Clock.wallMicroseconds), boot: Clock.boot) }

  /// Runs a step of the pump; a probe may stop the pump for good inside.
  func perform(_ step: () throws(Abandoned) -> Void) {
    guard !isAbandoned else { return }
    do throws(Abandoned) {
      try step()
      if !held.isEmpty { try writeHeld() }
      try writeNotes()
    } catch {
      isAbandoned = true
    }
  }

  /// Sends a turn's requests to the keeper as one.
  func request(_ stream: PumpStream, upTo offset: UInt64) {
    stream.waiting = .answer(offset)
    requests.append(ConsumeRequest(row: stream.row, key: stream.key, upTo: offset))
    guard !isFlushPosted else { return }
    isFlushPosted = true
    onLoop { $0.sendRequests() }
  }

  func sendRequests() {
    isFlushPosted = false
    let batch = requests
    requests.removeAll(keepingCapacity: true)
    if !batch.isEmpty, !isAbandoned { consumer.consume(batch) }
  }
}
