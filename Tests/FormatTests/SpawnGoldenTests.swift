import CLinux
import CSpawn
import Glibc
import PupBasics
import PupSystem
import Testing

@testable import PupDaemon

/// What the supervisor asks the keeper and pup-init to start.
@Suite struct SpawnGoldenTests {
  private static let bytes = SpawnSpecification(
    key: EntryKey(slot: 3, generation: 4), rowOut: 5, rowErr: 6, graceNanoseconds: 7, timeoutNanoseconds: 8, openFiles: 1024,
    oomScore: -5, cgroup: "web.4", executable: "/bin/echo", workingDirectory: "/srv", arguments: ["echo", "", "ünï"],
    environment: ["A": "1", "B": ""], descriptors: [7]
  ).encoded()

  /// 0, or -errno; `look` sees the plan.
  private func parse(_ bytes: [UInt8], _ look: (pup_spawn_plan) -> Void = { _ in }) -> Int32 {
    bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { return -EINVAL }
      var plan = pup_spawn_plan()
      let code = pup_plan_parse(base, buffer.count, &plan)
      if code == 0 { look(plan) }
      pup_plan_free(&plan)
      return code
    }
  }

  @Test func specification() throws {
    for golden in try Golden(name: "spawn-specification").check(Self.bytes) {
      let code = parse(golden) { plan in
        #expect(plan.run.slot == 3 && plan.run.generation == 4 && plan.run.row_out == 5 && plan.run.row_err == 6)
        #expect(plan.run.grace_ns == 7 && plan.run.timeout_ns == 8 && plan.run.oom_score_adj == -5)
        #expect(plan.argv_count == 3 && plan.env_count == 2 && plan.limit_count == 1 && plan.limits[0].soft == 1024)
        #expect(plan.descriptor_count == 1 && plan.descriptors[0] == 7)
        #expect(String(cString: plan.cgroup) == "web.4")
      }
      #expect(code == 0)
    }
  }

  @Test func bothSidesAgreeOnTheVersion() {
    #expect(Int(PUP_SPAWN_VERSION) == Int(ProtocolFormat.specification.versions.upperBound))
    #expect(Int(PUP_INIT_LOWEST) == Int(ProtocolFormat.specification.versions.lowerBound))
    #expect(Int(PUP_INIT_HIGHEST) == Int(ProtocolFormat.specification.versions.upperBound))
    #expect(Int(PUP_SPAWN_SHORTEST_RUN) == MemoryLayout<pup_spawn_run>.size)
    #expect(
      [
        PUP_SECTION_RUN, PUP_SECTION_CGROUP, PUP_SECTION_EXECUTABLE, PUP_SECTION_DIRECTORY, PUP_SECTION_ARGUMENTS,
        PUP_SECTION_ENVIRONMENT, PUP_SECTION_LIMITS, PUP_SECTION_DESCRIPTORS, PUP_SECTION_IDENTITY, PUP_SECTION_JAIL,
      ]
      .map { Int($0) } == Array(1...10))
  }

  // MARK: What a later build writes

  private static let header = MemoryLayout<pup_spawn_header>.size
  private static let entry = MemoryLayout<pup_spawn_section>.size

  private func changed(_ change: (inout pup_spawn_header) -> Void) -> [UInt8] {
    Self.changed(Self.bytes, at: 0, pup_spawn_header(), change)
  }

  /// The golden bytes with another entry in the table, whose content is the whole specification's end.
  private func withSection(_ type: UInt16, flags: UInt16) -> [UInt8] {
    var bytes = changed {
      $0.section_count += 1
      $0.size += UInt32(Self.entry)
    }
    let count = Int(Self.value(bytes, at: 0, pup_spawn_header()).section_count)
    // Every content moves behind the longer table.
    for index in 0..<count - 1 {
      bytes = Self.changed(bytes, at: Self.header + index * Self.entry, pup_spawn_section()) { $0.at += UInt32(Self.entry) }
    }
    let added = pup_spawn_section(type: type, flags: flags, at: UInt32(Self.header), length: 4)
    bytes.insert(contentsOf: withUnsafeBytes(of: added) { Array($0) }, at: Self.header + (count - 1) * Self.entry)
    return bytes
  }

  private static func value<Value: BitwiseCopyable>(_ bytes: [UInt8], at start: Int, _ empty: Value) -> Value {
    var value = empty
    withUnsafeMutableBytes(of: &value) { $0.copyBytes(from: bytes[start..<start + $0.count]) }
    return value
  }

  private static func changed<Value: BitwiseCopyable>(
    _ bytes: [UInt8], at start: Int, _ empty: Value, _ change: (inout Value) -> Void
  ) -> [UInt8] {
    var (bytes, value) = (bytes, value(bytes, at: start, empty))
    change(&value)
    withUnsafeBytes(of: value) { bytes.replaceSubrange(start..<start + $0.count, with: $0) }
    return bytes
  }

  @Test func aSectionThatIsNotKnownIsSkippedUnlessItIsRequired() {
    let code = parse(withSection(999, flags: 0)) { #expect($0.run.slot == 3 && $0.env_count == 2) }
    #expect(code == 0)
    #expect(parse(withSection(999, flags: UInt16(PUP_SECTION_REQUIRED))) == -EPROTONOSUPPORT)
    // What a later build would be wrong to leave out: another user, a jail.
    for type in [PUP_SECTION_IDENTITY, PUP_SECTION_JAIL] {
      #expect(parse(withSection(UInt16(type), flags: UInt16(PUP_SECTION_REQUIRED))) == -EPROTONOSUPPORT)
    }
    #expect(parse(withSection(UInt16(PUP_SECTION_RUN), flags: 0)) == -EINVAL, "a section that comes twice")
  }

  @Test func whatMustBeUnderstoodIsRefused() {
    #expect(parse(changed { ($0.version, $0.needed) = (2, 1) }) == 0)
    #expect(parse(changed { ($0.version, $0.needed) = (2, 2) }) == -EPROTONOSUPPORT)
    #expect(parse(changed { $0.needed = 0 }) == -EINVAL)
    #expect(parse(changed { $0.header_size = UInt16(Self.header) - 1 }) == -EINVAL)
    #expect(parse(changed { $0.header_size = .max }) == -EINVAL)
    #expect(parse(changed { $0.section_count = .max }) == -EINVAL)
    #expect(parse(changed { $0.size += 1 }) == -EINVAL)
    let run = Int(Self.value(Self.bytes, at: Self.header, pup_spawn_section()).at)
    func flagged(_ flags: UInt32) -> [UInt8] { Self.changed(Self.bytes, at: run, pup_spawn_run()) { $0.flags = flags } }
    #expect(parse(flagged(1 << 20 | 1)) == 0)
    #expect(parse(flagged(1 << 3)) == -EPROTONOSUPPORT)
  }

  // MARK: pup-init's reports

  /// One longer than this build's, then one that is shorter: one write each.
  private static let reports: [[UInt8]] = {
    let size = MemoryLayout<pup_init_report>.size
    var (longer, shorter) = (ByteWriter(), ByteWriter())
    longer.put(UInt16(PUP_REPORT_EXITED))
    longer.put(UInt16(size + 8))
    for value in [42, 1, 3, 0] as [Int32] { longer.put(value) }
    longer.append([UInt8](repeating: 0, count: size - 20))
    longer.put(UInt64.max)
    shorter.put(UInt16(PUP_REPORT_EMPTY))
    shorter.put(8 as UInt16)
    shorter.put(43 as Int32)
    return [longer.bytes, shorter.bytes]
  }()

  /// Writes these into a pipe; `body` gets its end for reading.
  private func withPipe(packets: Bool, _ writes: [[UInt8]], _ body: (Int32) throws -> Void) throws {
    var (end, writer): (Int32, Int32) = (-1, -1)
    try check(pup_pipe(&end, &writer, true), "pipe2")
    defer { for descriptor in [end, writer] { close(descriptor) } }
    if packets { try check(pup_set_packets(writer), "fcntl") }
    for bytes in writes { #expect(write(writer, bytes, bytes.count) == bytes.count) }
    try body(end)
  }

  private func take(_ descriptor: Int32) -> [pup_init_report] {
    var reports = [pup_init_report](repeating: pup_init_report(), count: Int(PUP_MOST_REPORTS))
    let count = pup_read_reports(descriptor, &reports, Int32(reports.count))
    return Array(reports.prefix(Int(count)))
  }

  /// A keeper may be killed after each call, and the next one opens the same pipe.
  @Test func oneReaderAfterTheOtherTakesOneWholeReportOfAnySize() throws {
    try withPipe(packets: true, Self.reports) { first in
      let next = try check(pup_open("/proc/self/fd/\(first)", O_RDONLY | O_NONBLOCK, 0), "open")
      defer { close(next) }
      let exited = take(first)
      #expect(exited.map(\.type) == [UInt16(PUP_REPORT_EXITED)] && exited.map(\.pid) == [42])
      #expect(exited.map(\.code) == [1] && exited.map(\.status) == [3])
      let empty = take(next)
      #expect(empty.map(\.type) == [UInt16(PUP_REPORT_EMPTY)] && empty.map(\.pid) == [43] && empty.map(\.code) == [0])
      #expect(take(next).isEmpty)
    }
  }

  /// As a build before made it, or where the kernel knows no packets: nothing is left in the pipe that would be out of step.
  @Test func aPipeWithoutPacketsGivesAllWholeReportsAtOnce() throws {
    try withPipe(packets: false, Self.reports + [Array(Self.reports[0].prefix(3))]) { end in
      #expect(take(end).map(\.pid) == [42, 43])
      #expect(pup_bytes_readable(end) == 0)
    }
  }

  @Test(arguments: [[2, 0, 0, 0], [2, 0, 3, 0], [2, 0, 255, 255], [2], []] as [[UInt8]])
  func whatIsNoReportIsNone(bytes: [UInt8]) throws {
    try withPipe(packets: true, bytes.isEmpty ? [] : [bytes, Self.reports[1]]) { end in
      #expect(take(end).isEmpty)
      #expect(take(end).count == (bytes.isEmpty ? 0 : 1))
    }
  }
}
