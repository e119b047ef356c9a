internal import CLinux
internal import Glibc
internal import PupBasics
internal import PupSystem
internal import PupTestSupport
internal import Testing

extension Integration {
  /// What pup-init says of a specification that it does not start.
  @Suite struct InitRefusalTests {
    /// Of a version that needs another reader, and one that is cut off.
    @Test(.timeLimit(.minutes(5)), arguments: [true, false]) func itTellsAnotherVersionFromDamage(isOther: Bool) throws {
      let (version, length, errno): (UInt16, Int, Int32) = isOther ? (9, 16, EPROTONOSUPPORT) : (1, 10, EINVAL)
      var writer = ByteWriter()
      writer.put(0x3250_5350 as UInt32)
      for value in [version, version] { writer.put(value) }
      // A header without sections.
      writer.put(16 as UInt32)
      for value in [16, 0] as [UInt16] { writer.put(value) }
      let memory = try check(pup_memfd("specification"), "memfd_create")
      let null = try check(pup_open("/dev/null", O_RDWR, 0), "open")
      var (end, writeEnd): (Int32, Int32) = (-1, -1)
      try check(pup_pipe(&end, &writeEnd, false), "pipe2")
      defer { for descriptor in [memory, null, end] { close(descriptor) } }
      #expect(write(memory, writer.bytes, length) == length)
      let pid = try Launch.start(
        "\(Machine.binaries)/pup-init", ["pup-init", "test"],
        [memory, null, null, null, null, writeEnd].enumerated().map { (number: Int32(3 + $0.offset), descriptor: $0.element) })
      close(writeEnd)
      let pidfd = pup_pidfd_open(pid)
      defer { close(pidfd) }
      #expect(Launch.reap(pidfd, seconds: 10) == .exited(127))
      #expect(StartFailure(report: end) == StartFailure(SpawnStage.specification.word, errno: errno))
    }
  }
}
