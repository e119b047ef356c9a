internal import CLinux
internal import Glibc
internal import PupSystem

/// Plain file calls, with errors as values.
enum LogFile {
  /// How to write without waiting when the descriptor is shared with others and its mode must not change.
  enum Way {
    /// A file, or a descriptor of our own that does not block.
    case plain
    case socket
    /// A pipe or terminal that could not be reopened: written in small pieces while there is room.
    case polled
  }

  /// Writes all bytes; on failure, reports how many were written.
  static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ way: Way = .plain
  ) -> (written: Int, errno: Int32) {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count: Int
      switch way {
      case .plain: count = Glibc.write(descriptor, base + done, bytes.count - done)
      case .socket:
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        count = send(descriptor, base + done, bytes.count - done, flags)
      case .polled:
        var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&room, 1, 0) > 0 else { return (done, EAGAIN) }
        count = Glibc.write(descriptor, base + done, min(bytes.count - done, Int(PIPE_BUF)))
      }
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

  static func open(_ path: String, _ flags: Int32, mode: mode_t = 0) throws(SystemError) -> Descriptor {
    try Descriptor(pup_open(path, flags, mode), "open \(path)")
  }

  /// The size of the open file, and how many names it has: none if it was removed.
  static func status(_ descriptor: Int32) -> (size: Int64, links: Int, identity: SinkRecord.Identity, isRegular: Bool)? {
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { return nil }
    return (Int64(info.st_size), Int(info.st_nlink), identity(info), info.st_mode & S_IFMT == S_IFREG)
  }

  static func write(_ text: StaticString, to descriptor: Int32) -> (written: Int, errno: Int32) {
    text.withUTF8Buffer { write(UnsafeRawBufferPointer($0), to: descriptor) }
  }

  /// Whether a file of this size is empty or ends with a line feed. True if it cannot be read.
  static func endsLine(_ descriptor: Int32, size: Int64) -> Bool {
    var last = LineFormat.lineFeed
    if size > 0 { _ = withUnsafeMutableBytes(of: &last) { read(descriptor, at: size - 1, into: $0) } }
    return last == LineFormat.lineFeed
  }

  /// Whether more is allocated for the file than its bytes need: space reserved by a process that died.
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

  /// Nil if there is no such file.
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

  /// The names in a folder without `.` and `..`, unordered. Empty if it cannot be read.
  static func names(in path: String) -> [String] {
    FolderNames.list(path) ?? []
  }

  /// Reads from `offset` until the buffer is full or the file ends. Returns the count, which may fall short after an error.
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
