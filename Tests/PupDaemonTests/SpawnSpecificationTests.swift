import CSpawn
import Glibc
import PupSystem
import PupTestSupport
import Testing

@testable import PupDaemon

@Suite struct SpawnSpecificationTests {
  private let specification = SpawnSpecification(
    key: EntryKey(slot: 3, generation: 4), rowOut: 5, rowErr: 6, graceNanoseconds: 7, timeoutNanoseconds: 8, openFiles: 1024,
    oomScore: 0,
    cgroup: "web.4", executable: "/bin/echo", workingDirectory: "/srv/ä b", arguments: ["echo", "", "two words", "ünï"],
    environment: ["A": "1", "EMPTY": "", "WITH": "a=b\nc"], descriptors: [9, 3])

  @Test func theCodeBetweenCloneAndExecReadsWhatWasWritten() throws {
    let bytes = specification.encoded()
    var plan = pup_spawn_plan()
    try bytes.withUnsafeBytes { (buffer) throws in
      let base = try #require(buffer.baseAddress)
      #expect(pup_plan_parse(base, buffer.count, &plan) == 0)
      #expect(plan.run.slot == 3)
      #expect(plan.run.generation == 4)
      #expect(plan.run.timeout_ns == 8)
      #expect(String(cString: plan.cgroup) == "web.4")
      #expect(String(cString: plan.executable) == "/bin/echo")
      #expect(String(cString: plan.cwd) == "/srv/ä b")
      let arguments = (0..<4).map { plan.argv[$0].map { String(cString: $0) } }
      #expect(arguments == ["echo", "", "two words", "ünï"])
      #expect(plan.argv[4] == nil)
      let environment = (0..<3).map { plan.env[$0].map { String(cString: $0) } }
      #expect(environment == ["A=1", "EMPTY=", "WITH=a=b\nc"])
      #expect(plan.env[3] == nil)
      #expect(plan.limit_count == 1 && plan.limits[0].resource == UInt32(RLIMIT_NOFILE.rawValue) && plan.limits[0].soft == 1024)
      #expect(plan.descriptor_count == 2 && plan.descriptors[0] == 9 && plan.descriptors[1] == 3)
      pup_plan_free(&plan)
    }
  }

  /// Below 3 are the standard streams; one number for two descriptors would lose one of them.
  @Test(arguments: [[2], [1024], [5, 5], Array(3...67)] as [[UInt32]])
  func aNumberThatNoDescriptorCanHaveIsRefused(numbers: [UInt32]) {
    var wrong = specification
    wrong.descriptors = numbers
    var plan = pup_spawn_plan()
    let code = wrong.encoded().withUnsafeBytes { bytes in
      bytes.baseAddress.map { pup_plan_parse($0, bytes.count, &plan) }
    }
    #expect(code == -EINVAL)
  }

  @Test func aDamagedSpecificationIsRefusedNotFollowed() throws {
    let good = specification.encoded()
    var random = SeededGenerator(seed: 29)
    for length in 0..<good.count { try parse(Array(good[0..<length])) }
    for _ in 0..<20_000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      try parse(bytes)
    }
  }

  /// Whatever comes out must lie inside; reading every string to its end shows it (and the address sanitizer would tell
  /// otherwise).
  private func parse(_ bytes: [UInt8]) throws {
    var plan = pup_spawn_plan()
    // At the end of an allocation of its own, so that a read behind it is noticed.
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes.count, 1), alignment: 8)
    defer { copy.deallocate() }
    copy.copyBytes(from: bytes)
    let base = try #require(copy.baseAddress)
    guard pup_plan_parse(base, bytes.count, &plan) == 0 else { return }
    defer { pup_plan_free(&plan) }
    let start = UInt(bitPattern: base)
    let end = start + UInt(bytes.count)
    for index in 0..<Int(plan.argv_count) {
      guard let text = plan.argv[index] else { continue }
      let at = UInt(bitPattern: text)
      #expect(at >= start && at < end && at + UInt(String(cString: text).utf8.count) <= end)
    }
  }
}
