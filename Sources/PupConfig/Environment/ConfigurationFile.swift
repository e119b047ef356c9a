internal import Glibc

/// Finds and reads configuration files.
package enum ConfigurationFile {
  /// The names that are looked for, in this order, where no `--config` is given.
  package static let names = ["pup.json", "pup.jsonc"]

  /// The path of the configuration in a directory, or nil.
  package static func discover(in directory: String) -> String? {
    names.map { PathText.join(directory, $0) }.first { access($0, F_OK) == 0 }
  }

  /// The bytes of a file: not empty, at most `JSON5Document.sizeLimit`, and without NUL where it is to be text.
  package static func read(_ path: String, textOnly: Bool = true) throws(ConfigurationFileError) -> [UInt8] {
    let (descriptor, size) = try open(path)
    defer { close(descriptor) }
    guard size <= JSON5Document.sizeLimit else { throw .tooLarge(bytes: size) }
    let bytes = try read(descriptor, limit: JSON5Document.sizeLimit + 1)
    guard bytes.count <= JSON5Document.sizeLimit else { throw .tooLarge(bytes: bytes.count) }
    guard !bytes.isEmpty else { throw .empty }
    if textOnly, bytes.contains(0) { throw .binary }
    return bytes
  }

  /// At most `count` bytes from the beginning.
  static func firstBytes(of path: String, count: Int) throws(ConfigurationFileError) -> [UInt8] {
    let (descriptor, _) = try open(path)
    defer { close(descriptor) }
    return try read(descriptor, limit: count)
  }

  /// O_NONBLOCK: opening a FIFO must not wait for its writer.
  private static func open(_ path: String) throws(ConfigurationFileError) -> (descriptor: Int32, size: Int) {
    guard !path.utf8.contains(0) else { throw .notFound }
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw errno == ENOENT || errno == ENOTDIR ? .notFound : .unreadable(reason()) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw status.st_mode & S_IFMT == S_IFDIR ? .isDirectory : .notRegular
    }
    return (descriptor, Int(status.st_size))
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
