import PupBasics
import PupCore
import PupTestSupport
import Testing

@Suite struct ProcessRecordTests {
  /// A process with the largest possible record: sixteen runs that are being stopped, operators' names, schedules, a failure.
  private static func fullest() throws -> ProcessRecord {
    let id = String(repeating: "x", count: 64)
    var policy = ProcessPolicy()
    policy.overrun = true
    policy.terminateTimeout = .seconds(1_000_000)
    policy.cron = try CronSchedule(parsing: "0 0 1 1 *", zone: .utc)
    policy.terminateCron = policy.cron
    var supervisor = Supervisor(definitions: [ProcessDefinition(id: ProcessID(id), policy: policy)])
    let now = Moment(boot: Instant(nanoseconds: .max / 2), wall: WallTime(2026, 1, 1))
    let names = (0..<8).map { String(repeating: "\($0)ß", count: 30) }
    _ = supervisor.handle(.begin(desired: []), at: now)
    func command(_ action: Command.Action, _ name: Int) {
      let command = Command(number: 1, action: action, target: .all, actor: .consumer(names[name]))
      _ = supervisor.handle(.command(command), at: now)
    }
    command(.start, 0)
    let failure = SpawnFailure(stage: "exec", errno: 2, message: String(repeating: "é", count: 500))
    _ = supervisor.handle(.spawnFailed(RunKey(id: ProcessID(id), generation: 1), failure), at: now)
    for generation in 2...17 as ClosedRange<UInt32> {
      command(.start, 1)
      _ = supervisor.handle(.spawned(RunKey(id: ProcessID(id), generation: generation), pid: .max), at: now)
    }
    command(.block, 2)
    command(.stop, 3)
    _ = supervisor.handle(.terminate(.consumer(names[4])), at: now)
    return try #require(supervisor.takeChanged().first)
  }

  @Test func theFullestRecordFits() throws {
    let bytes = try Self.fullest().encoded()
    #expect(bytes.count <= ProcessRecord.longest)
    #expect(bytes.count > 600)
    let decoded = try ProcessRecord(decoding: bytes)
    // Truncated fields do not change again.
    #expect(try ProcessRecord(decoding: decoded.encoded()) == decoded)
  }

  @Test func itIsThereAsAWholeOrRefused() throws {
    let record = ProcessRecord(id: ProcessID("Web-1"))
    let bytes = record.encoded()
    #expect(try ProcessRecord(decoding: bytes) == record)
    #expect(throws: FormatError.malformed) { try ProcessRecord(decoding: bytes + [0]) }
    let fullest = try Self.fullest().encoded()
    for length in 0..<fullest.count {
      #expect(throws: FormatError.malformed) { try ProcessRecord(decoding: Array(fullest.prefix(length))) }
    }
    for byte in [0, 255] as [UInt8] {
      #expect(throws: (any Error).self) { try ProcessRecord(decoding: [UInt8](repeating: byte, count: 1024)) }
    }
    #expect(throws: FormatError.malformed) { try ProcessRecord(decoding: []) }
  }

  @Test func fieldsOfALaterBuildAreSkippedAndWhatNeedsALaterReaderIsRefused() throws {
    let record = try ProcessRecord(decoding: try Self.fullest().encoded())
    let bytes = record.encoded()
    var later = ByteWriter()
    FormatVersion(written: 2, needed: 1).write(to: &later)
    later.put(bytes[8...] + [1, 2, 3])
    #expect(try ProcessRecord(decoding: later.bytes) == record)
    var other = bytes
    (other[0], other[2]) = (2, 2)
    #expect(throws: FormatError.otherVersion(format: "record of a process", has: .init(written: 2, needed: 2), reads: 1...1)) {
      try ProcessRecord(decoding: other)
    }
  }

  @Test func randomBytesNeverCrashAndWhatIsAcceptedIsUsable() throws {
    var generator = SeededGenerator(seed: 11)
    let templates = [try Self.fullest().encoded(), ProcessRecord(id: ProcessID("a")).encoded()]
    var accepted = 0
    for round in 0..<10_000 {
      var bytes = templates[round % 2]
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      guard let record = try? ProcessRecord(decoding: bytes) else { continue }
      accepted += 1
      #expect(record.encoded().count <= ProcessRecord.longest)
      var supervisor = Supervisor(definitions: [ProcessDefinition(id: record.id, policy: ProcessPolicy())])
      let now = Moment(boot: Instant(nanoseconds: 5), wall: WallTime(2026, 1, 1))
      _ = supervisor.handle(.takeOver(records: [record], runs: [:]), at: now)
      #expect(supervisor.nextDeadline.boot.map { $0 > now.boot } ?? true)
    }
    #expect(accepted > 50)
    for length in 0..<2000 {
      _ = try? ProcessRecord(decoding: (0..<length % 300).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
  }
}
