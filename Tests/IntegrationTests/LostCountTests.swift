internal import CLinux
internal import Glibc
internal import PupCore
internal import PupSystem
internal import PupTestSupport
internal import Testing

extension Integration {
  /// The keeper dies after it has taken bytes out of a pipe and before it has written down how many.
  @Suite(.enabled(if: Tracer.isPossible, "ptrace is not allowed here")) struct LostCountTests {
    private static let configuration = """
      { terminateTimeout: 3, processes: [ { id: 'bursts', autostart: true, logger: { console: false },
        cmd: 'read l < go; \(Machine.child) --spew 100 --chunk 4000; echo yes > done; read l < on; \(Machine.child) --spew 200 --id more; exec \(Machine.child) --hold' } ] }
      """

    /// While the pipe is empty the count can be made up again: nothing is lost, and nothing is written twice.
    @Test(.timeLimit(.minutes(5))) func countIsMadeUpAgain() throws {
      try Pup.test(Self.configuration) { pup in
        for name in ["go", "on"] { mkfifo(pup.path(name), 0o600) }
        try pup.run()
        try pup.reach("bursts", "running")
        let keeper = try pup.keeperPid()
        let pipe = pup_open("/proc/\(try pup.pid("bursts"))/fd/1", O_RDONLY | O_NONBLOCK, 0)
        guard pipe >= 0 else { throw Failure("the pipe cannot be opened") }
        defer { close(pipe) }
        let ledger = try Ledger(pup)

        // With the keeper stopped, the brain writes everything to the log, and its request to take it out of the pipe waits.
        let tracer = try Tracer(stopping: keeper)
        defer { tracer.letGo() }
        // (All of it is one write: before the first piece is taken out of the pipe the brain looks for no more.)
        try Files.write("now\n", to: pup.path("go"))
        try pup.waitForFile("done")
        try pup.wait(for: "out 100 bursts", in: "bursts")
        let bytes = UInt64(pup_bytes_readable(pipe))
        #expect(bytes > 0)
        var steps = 0
        while pup_bytes_readable(pipe) == Int32(bytes) {
          steps += 1
          guard steps < 10_000 else { throw Failure("the keeper does not take what it was asked for") }
          try tracer.step()
        }
        #expect(ledger.consumed == 0, "the keeper is past the moment that this test is about")
        #expect(pup_bytes_readable(pipe) < Int32(bytes))
        let left = pup_bytes_readable(pipe)
        try pup.killKeeper()
        try pup.wait(for: .keeper, naming: "pid \(keeper)")
        try ledger.wait(until: bytes)
        #expect(pup_bytes_readable(pipe) == 0, "\(left) bytes were left")
        // What comes next is as complete as ever.
        try Files.write("now\n", to: pup.path("on"))
        try pup.wait(for: "out 200 more", in: "bursts")
        try pup.stopKeeper()
        let lines = pup.lines(of: "bursts")
        let written = (1...100).map { "out \($0) bursts" } + (1...200).map { "out \($0) more" }
        let isComplete = lines.filter { $0.hasPrefix("out ") } == written
        #expect(isComplete, "\(lines.count) lines of \(written.count)")
        // For all that the new keeper knows, somebody has read the pipe; the log says so.
        #expect(pup.lines(of: "bursts", category: "logger").map { $0.contains("may be missing") } == [true])
      }
    }

    /// The shared table, as keeper and brain see it.
    private struct Ledger {
      private let table: StreamLedger

      init(_ pup: Pup) throws {
        guard let folder = Files.lines("\(pup.temporary)/.main.keep").first else { throw Failure("no pointer file") }
        let descriptor = pup_open("\(folder)/streams", O_RDWR, 0)
        defer { close(descriptor) }
        table = try StreamLedger(descriptor: descriptor, rows: 16)
      }

      /// Nobody tells of a store into shared memory.
      func wait(until count: UInt64) throws {
        let deadline = Deadline(seconds: 5)
        while consumed < count {
          guard !deadline.hasPassed else { throw Failure("\(consumed) of \(count) bytes are counted") }
          sched_yield()
        }
      }

      /// Of the only program's output: the rows are given out from below.
      var consumed: UInt64 { (0..<table.rows).compactMap { table.row($0)?.consumed }.max() ?? 0 }
    }
  }
}
