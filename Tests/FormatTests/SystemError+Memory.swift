import CLinux
import Glibc
import PupSystem

extension SystemError {
  /// A memfd of so many bytes, all 0.
  static func memory(_ count: Int) throws -> Int32 {
    let memory = try check(pup_memfd("golden"), "memfd")
    if count > 0 { try check(pup_allocate(memory, Int64(count)), "fallocate") }
    return memory
  }

  static func bytes(of memory: Int32) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(lseek(memory, 0, SEEK_END)))
    guard pread(memory, &bytes, bytes.count, 0) == bytes.count else { throw SystemError("pread", errno: EIO) }
    return bytes
  }
}
