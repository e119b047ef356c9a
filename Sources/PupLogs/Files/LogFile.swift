internal import CLinux
internal import Glibc
internal import PupSystem

/// Plain file calls, with errors as values.
enum LogFile {
  /// Writes all bytes; on a failure says how many are written.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> (written: Int, errno: Int32) {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count = Glibc.write(descriptor, base + done, bytes.count - done)
      if count > 0 {
        done += count
      } else if count == 0 {
        return (done, ENOSPC)
      } else if errno != EINTR {
        return (done, errno)
      }
    }
    return (done, 0)
  }

  static func open(_ path: String, _ flags: Int32, mode: mode_t = 0) throws(SystemError) -> OwnedDescriptor {
    OwnedDescriptor(try check(pup_open(path, flags, mode), "open \(path)"))
  }

  /// Bytes in the open file, and how many names it has: none when it was removed.
  static func status(_ descriptor: Int32) -> (size: Int64, links: Int, identity: SinkRecord.Identity, isRegular: Bool)? {
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { return nil }
    return (Int64(info.st_size), Int(info.st_nlink), identity(info), info.st_mode & S_IFMT == S_IFREG)
  }

  /// Whether more was allocated for the file than its bytes need: reserved by somebody who died.
  static func hasSpareSpace(_ descriptor: Int32) -> Bool {
    var info = stat()
    return fstat(descriptor, &info) == 0 && hasSpareSpace(info)
  }

  static func hasSpareSpace(_ info: stat) -> Bool { Int64(info.st_blocks) * 512 > Int64(info.st_size) + (1 << 20) }

  /// Which file is at `path` now.
  static func identity(at path: String) -> SinkRecord.Identity? {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    return identity(info)
  }

  /// Nil when there is no such file.
  static func size(at path: String) -> Int64? {
    var info = stat()
    return stat(path, &info) == 0 ? Int64(info.st_size) : nil
  }

  private static func identity(_ info: stat) -> SinkRecord.Identity {
    SinkRecord.Identity(first: UInt64(info.st_ino), second: UInt64(info.st_dev))
  }

  static func makeDirectory(_ path: String) throws(SystemError) {
    guard mkdir(path, 0o750) != 0, errno != EEXIST else { return }
    throw SystemError("mkdir \(path)", errno: errno)
  }

  /// The names in a folder without `.` and `..`, in no order. Empty when it cannot be read.
  static func names(in path: String) -> [String] {
    FolderNames.list(path) ?? []
  }

  /// Reads at `offset` until the buffer is full or the file ends. Returns the count, or less than was there after an error.
  static func read(_ descriptor: Int32, at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    var done = 0
    while done < buffer.count, let base = buffer.baseAddress {
      let count = pread(descriptor, base + done, buffer.count - done, off_t(offset) + off_t(done))
      if count > 0 {
        done += count
      } else if count == 0 || errno != EINTR {
        break
      }
    }
    return done
  }
}
