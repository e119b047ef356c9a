internal import Glibc

/// File-system access for reading a configuration. The only file in this module that asks the operating system.
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

  /// Why a folder cannot be entered.
  static func obstacle(toEntering path: String) -> String? {
    var status = stat()
    if stat(path, &status) != 0 {
      let problem = errno
      guard problem == ENOENT, let target = linkTarget(path) else { return reason(problem) }
      return "it is a link to \(target), which does not exist"
    }
    if status.st_mode & S_IFMT != S_IFDIR { return reason(ENOTDIR) }
    return isAllowed(path, X_OK) ? nil : reason()
  }

  private static func linkTarget(_ path: String) -> String? {
    let count = Int(PATH_MAX)
    let target = [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
      length = max(0, buffer.withMemoryRebound(to: CChar.self) { $0.baseAddress.map { readlink(path, $0, count) } ?? 0 })
    }
    return target.isEmpty ? nil : String(decoding: target, as: UTF8.self)
  }

  static func permissions(of path: String) -> UInt32? {
    var status = stat()
    return stat(path, &status) == 0 ? UInt32(status.st_mode & 0o7777) : nil
  }

  private static func isAllowed(_ path: String, _ mode: Int32) -> Bool { faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0 }

  private static func program(at path: String, mode: mode_t) -> ProgramKind {
    guard mode & 0o111 != 0, isAllowed(path, X_OK) else { return .notExecutable }
    // Whether a program that may be executed but not read is valid is left to the kernel.
    guard let start = try? firstBytes(of: path, count: 4) else { return .executable }
    return start.starts(with: [0x7F, 0x45, 0x4C, 0x46]) || start.starts(with: [0x23, 0x21]) ? .executable : .shellText
  }

  /// At most `limit` bytes from the beginning of a regular file, and its total size.
  static func read(_ path: String, limit: Int) throws(ConfigurationFileError) -> (bytes: [UInt8], size: Int) {
    let descriptor = try openFile(path)
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(errno: errno) }
    return (try read(descriptor, limit: limit), Int(status.st_size))
  }

  /// A regular file, for reading; the caller closes it.
  static func openFile(_ path: String) throws(ConfigurationFileError) -> Int32 {
    guard !path.utf8.contains(0) else { throw .notFound }
    // O_NONBLOCK: opening a FIFO must not wait for its writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw errno == ENOENT || errno == ENOTDIR ? .notFound : .unreadable(errno: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw status.st_mode & S_IFMT == S_IFDIR ? .isDirectory : .notRegular
    }
    return descriptor
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
        throw .unreadable(errno: errno)
      }
      if count == 0 { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    return bytes
  }

  /// The path with all links resolved.
  static func realPath(of path: String) throws(ConfigurationFileError) -> String {
    guard let pointer = realpath(path, nil) else {
      throw errno == ENOENT || errno == ENOTDIR ? .notFound : .unreadable(errno: errno)
    }
    defer { free(pointer) }
    return String(cString: pointer)
  }

  /// The system's message: "Permission denied".
  static func reason(_ number: Int32 = errno) -> String {
    strerror(number).map { String(cString: $0) } ?? "error \(number)"
  }
}
