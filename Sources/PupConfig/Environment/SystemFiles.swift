internal import Glibc

/// The file system, as far as reading a configuration needs it. The only file here that asks the operating system.
enum SystemFiles {
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func entry(at path: String) -> FileSystemEntry? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return .directory(isWritable: isAllowed(path, W_OK | X_OK))
    case S_IFREG: return .file(isWritable: isAllowed(path, W_OK), program: program(at: path, mode: status.st_mode))
    default: return .other
    }
  }

  static func permissions(of path: String) -> UInt32? {
    var status = stat()
    return stat(path, &status) == 0 ? UInt32(status.st_mode & 0o7777) : nil
  }

  private static func isAllowed(_ path: String, _ mode: Int32) -> Bool { faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0 }

  private static func program(at path: String, mode: mode_t) -> ProgramKind {
    guard mode & 0o111 != 0, isAllowed(path, X_OK) else { return .notExecutable }
    // A program that may be executed but not read is left to the kernel to judge.
    guard let start = try? firstBytes(of: path, count: 4) else { return .executable }
    return start.starts(with: [0x7F, 0x45, 0x4C, 0x46]) || start.starts(with: [0x23, 0x21]) ? .executable : .shellText
  }

  /// At most `limit` bytes from the beginning of a regular file, and the size of the whole.
  static func read(_ path: String, limit: Int) throws(ConfigurationFileError) -> (bytes: [UInt8], size: Int) {
    guard !path.utf8.contains(0) else { throw .notFound }
    // O_NONBLOCK: opening a FIFO must not wait for its writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw errno == ENOENT || errno == ENOTDIR ? .notFound : .unreadable(reason()) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(reason()) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw status.st_mode & S_IFMT == S_IFDIR ? .isDirectory : .notRegular }
    return (try read(descriptor, limit: limit), Int(status.st_size))
  }

  private static func firstBytes(of path: String, count: Int) throws(ConfigurationFileError) -> [UInt8] {
    try read(path, limit: count).bytes
  }

  private static func read(_ descriptor: Int32, limit: Int) throws(ConfigurationFileError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: min(limit, 64 << 10))
    while bytes.count < limit {
      let count = Glibc.read(descriptor, &chunk, min(chunk.count, limit - bytes.count))
      if count < 0 {
        if errno == EINTR { continue }
        throw .unreadable(reason())
      }
      if count == 0 { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    return bytes
  }

  private static func reason() -> String {
    let number = errno
    return strerror(number).map { String(cString: $0) } ?? "error \(number)"
  }
}
