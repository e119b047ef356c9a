import CLinux
import Glibc
import Testing

@testable import PupSystem

@Suite struct DescriptorTests {
  /// Tests run side by side in one process and open what they like; this identity is nobody else's.
  private struct Memory {
    let number: Int32
    let inode: UInt64

    init() throws {
      number = pup_memfd("descriptor-test")
      inode = try #require(Self.inode(of: number))
    }

    var isOpen: Bool { Self.inode(of: number) == inode }

    static func inode(of number: Int32) -> UInt64? {
      var identity = pup_file_identity()
      return pup_identity(number, &identity) == 0 ? identity.inode : nil
    }
  }

  @Test func theLastReferenceClosesIt() throws {
    let memory = try Memory()
    var first: Descriptor? = Descriptor(memory.number)
    var second = first
    first = nil
    #expect(memory.isOpen && second?.number == memory.number)
    second = nil
    #expect(!memory.isOpen)
    _ = (first, second)
  }

  @Test func closingEarlyIsDoneOnce() throws {
    let memory = try Memory()
    let descriptor = Descriptor(memory.number)
    descriptor.close()
    #expect(!memory.isOpen && !descriptor.isOpen && descriptor.number == -1)
    // The number is somebody else's now.
    let null = pup_open("/dev/null", O_RDONLY, 0)
    try #require(null >= 0)
    try #require(dup2(null, memory.number) == memory.number)
    let other = try #require(Memory.inode(of: memory.number))
    descriptor.close()
    #expect(Memory.inode(of: memory.number) == other)
    if null != memory.number { close(null) }
    close(memory.number)
  }

  @Test func whatWasTakenStaysOpen() throws {
    let memory = try Memory()
    do {
      let descriptor = Descriptor(memory.number)
      #expect(descriptor.take() == memory.number)
      #expect(descriptor.take() == -1)
      descriptor.close()
    }
    #expect(memory.isOpen)
    close(memory.number)
  }

  @Test func manyWhoCloseAtOnceCloseItOnce() async throws {
    for _ in 0..<50 {
      let memory = try Memory()
      let descriptor = Descriptor(memory.number)
      let taken = await withTaskGroup(of: Int32.self) { group in
        for _ in 0..<8 { group.addTask { descriptor.take() } }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(taken.filter { $0 >= 0 } == [memory.number])
      close(memory.number)
    }
  }

  @Test func aFailedCallIsAnErrorAndNoDescriptor() throws {
    let error = #expect(throws: SystemError.self) { try Descriptor(-ENOENT, "open /x") }
    #expect(error == SystemError("open /x", errno: ENOENT))
    let none = Descriptor(-5)
    #expect(none.number == -1 && !none.isOpen)
    #expect(throws: SystemError("dup", errno: EBADF)) { try none.duplicate() }
  }

  @Test func aDuplicateLivesOn() throws {
    let memory = try Memory()
    let copy: Descriptor
    do {
      let descriptor = Descriptor(memory.number)
      copy = try descriptor.duplicate()
    }
    #expect(!memory.isOpen)
    #expect(Memory.inode(of: copy.number) == memory.inode)
    #expect(fcntl(copy.number, F_GETFD) == FD_CLOEXEC)
  }
}
