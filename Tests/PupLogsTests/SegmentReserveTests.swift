import CLinux
import Glibc
import PupSystem
import PupTestSupport
import Testing

@testable import PupLogs

private let hasTmpfs = pup_is_tmpfs("/dev/shm") && pup_free_bytes("/dev/shm") > 64 << 20

@Suite(.enabled(if: hasTmpfs, "needs a tmpfs at /dev/shm with 64 MiB free"), .timeLimit(.minutes(5)))
struct SegmentReserveTests {
  private static let segmentBytes: Int64 = 4 << 20

  private let ledgers: Ledgers
  private let folder: TemporaryFolder
  private var segments: [String] { names(in: folder.at("web")) }

  init() throws {
    ledgers = try Ledgers()
    folder = try TemporaryFolder(in: "/dev/shm")
  }

  private func sink() throws -> StoreSink {
    StoreSink(directory: folder.path, process: "web", segmentBytes: Self.segmentBytes, context: try ledgers.context())
  }

  private func wait(_ reserve: SegmentReserve?) throws {
    let reserve = try #require(reserve)
    while reserve.isPreparing { sched_yield() }
  }

  /// Appends lines until the next segment has begun, with so much time between two batches.
  private func fill(_ sink: StoreSink, _ boot: inout Int64, pause: Int64) throws {
    let lines = [UInt8]((0..<5000).flatMap { Array("\($0) ".utf8) + Array(repeating: UInt8(ascii: "x"), count: 100) + [10] })
    sink.hasRotated = false
    while !sink.hasRotated {
      boot += pause
      try withBatch(lines, boot: boot) { try sink.append($0) }
    }
  }

  /// The length and the allocated bytes of a prepared file.
  private func taken(_ reserve: SegmentReserve) -> (length: Int64, allocated: Int64)? {
    guard let file = reserve.take() else { return nil }
    return (LogFile.status(file.number)?.size ?? -1, allocated(file.number))
  }

  private func fillBusily(_ sink: StoreSink, _ boot: inout Int64, segments count: Int) throws {
    for _ in 0..<count {
      try fill(sink, &boot, pause: 1_000_000)
      try wait(sink.reserve)
    }
  }

  private func allocated(_ descriptor: Int32) -> Int64 {
    var info = stat()
    fstat(descriptor, &info)
    return Int64(info.st_blocks) * 512
  }

  @Test func reservedFilesHavePagesAndNoNames() throws {
    let reserve = SegmentReserve()
    reserve.prepare(in: folder.path, bytes: 1 << 20)
    try wait(reserve)
    #expect(names(in: folder.path).isEmpty)
    for _ in 0..<2 {
      let file = try #require(taken(reserve))
      #expect(file.length == 0 && file.allocated >= 1 << 20)
    }
    #expect(taken(reserve) == nil)
    reserve.prepare(in: folder.path, bytes: 1 << 20)
    reserve.drop()
    try wait(reserve)
    #expect(taken(reserve) == nil)
  }

  @Test func nothingIsReservedWhereRoomIsShort() throws {
    let reserve = SegmentReserve()
    reserve.prepare(in: folder.path, bytes: pup_free_bytes(folder.path) / 4)
    try wait(reserve)
    #expect(taken(reserve) == nil)
  }

  @Test func nothingIsReservedOnADisk() throws {
    let disk = try TemporaryFolder(in: "/var/tmp")
    guard !pup_is_tmpfs(disk.path) else { return }
    let sink = StoreSink(directory: disk.path, process: "web", segmentBytes: Self.segmentBytes, context: try ledgers.context())
    var boot: Int64 = 1_000_000_000
    try fill(sink, &boot, pause: 1_000_000)
    #expect(sink.reserve == nil)
  }

  @Test func aBusyProcessWritesIntoReservedSegments() throws {
    let sink = try sink()
    var boot: Int64 = 1_000_000_000
    try fillBusily(sink, &boot, segments: 3)
    #expect(sink.isReserved)
    #expect(segments.count == 4)
    #expect(allocated(sink.descriptor) >= Self.segmentBytes)
    let path = folder.at("web/" + segments[3])
    #expect(LogFile.status(sink.descriptor)?.identity == LogFile.identity(at: path))
    let numbers = LogReader(directory: folder.path).lines(LogQuery()).map { String(decoding: $0.text.prefix(4), as: UTF8.self) }
    #expect(numbers.count % 5000 == 0 && numbers.count > 80_000)
    #expect(numbers.enumerated().allSatisfy { Int($0.element.prefix { $0 != " " }) == $0.offset % 5000 })

    sink.giveBack()
    #expect(sink.reserve == nil && !sink.isReserved)
    #expect(allocated(sink.descriptor) <= sink.length + 4096)
    #expect(contents(path).count == Int(sink.length))
  }

  @Test func aProcessThatIsNoLongerBusyReservesNothing() throws {
    let sink = try sink()
    var boot: Int64 = 1_000_000_000
    try fillBusily(sink, &boot, segments: 2)
    #expect(sink.isReserved)
    try fill(sink, &boot, pause: StoreSink.busyTime)
    #expect(sink.reserve == nil && !sink.isReserved)
    #expect(allocated(sink.descriptor) < Self.segmentBytes)
  }

  @Test func whatADeadSupervisorHadReservedIsGivenBack() throws {
    var boot: Int64 = 1_000_000_000
    do {
      let sink = try sink()
      try fillBusily(sink, &boot, segments: 2)
      #expect(sink.isReserved)
      // As if it had been killed.
      sink.isReserved = false
    }
    let path = folder.at("web/" + (try #require(segments.last)))
    let size = try #require(LogFile.size(at: path))
    let file = try LogFile.open(path, O_RDONLY)
    #expect(allocated(file.number) >= Self.segmentBytes)
    let next = try sink()
    try withBatch("next\n".utf8, boot: boot) { try next.append($0) }
    #expect(allocated(file.number) <= size + 8192)
    #expect(text(path).hasSuffix("next\n"))
  }

  @Test func thePumpGivesBackWhatABusyProcessHadReserved() throws {
    let bench = try PumpBench(in: "/dev/shm")
    bench.options.segmentBytes = Self.segmentBytes
    try bench.start()
    let out = try bench.makeStream(1, row: 0)
    try bench.attach(1)
    let block = [UInt8](repeatElement(Array(repeating: UInt8(ascii: "x"), count: 99) + [10], count: 10_000).joined())
    let written = Int64(block.count) * 20
    for _ in 0..<20 { writeAll(out, block) }
    let newest = { names(in: bench.logs + "/web").last.map { bench.logs + "/web/" + $0 } }
    // The program lives on, and is silent.
    var info = stat()
    repeat {
      sched_yield()
    } while newest().map { stat($0, &info) } != 0 || Int64(info.st_blocks) * 512 > Int64(info.st_size) + 4096
    while bench.keeper.consumed(1) < UInt64(written) { sched_yield() }
    #expect(bench.texts().count == 200_000)
    close(out)
    bench.pump.treeEnded(key: 1)
    #expect(bench.drained.take() == 1)
  }

  @Test func aPurgeGivesBackWhatADeadSupervisorHadReservedForASilentProcess() throws {
    let bench = try PumpBench(in: "/dev/shm")
    let name = SegmentName(sequence: 1, first: LogTime(microseconds: 1_000_000_000_000_000))
    mkdir(bench.logs, 0o755)
    mkdir(bench.logs + "/web", 0o755)
    let path = bench.logs + "/web/" + name.text
    put(Array("2001-09-09T01:46:40.000000Z log stdout last words\n".utf8), to: path)
    let file = try LogFile.open(path, O_RDWR)
    try check(pup_reserve(file.number, 0, Self.segmentBytes), "fallocate")
    #expect(LogFile.hasSpareSpace(file.number))
    try bench.start()
    bench.pump.purge(now: LogTime(microseconds: 1_000_000_000_000_000))
    while LogFile.hasSpareSpace(file.number) { sched_yield() }
    #expect(bench.texts() == ["last words"])
  }
}
