package import Glibc

/// A folder for one test, removed with everything in it when the test is done.
package final class TemporaryFolder: Sendable {
  /// Without symbolic links, as the kernel reports it.
  package let path: String

  /// `$TMPDIR`, or /tmp.
  package static var usualParent: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }

  package init(in parent: String = "/tmp") throws {
    var template = Array("\(parent)/pup-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw Failure("mkdtemp in \(parent)", code: errno) }
    guard let real = realpath(made, nil) else { throw Failure("realpath", code: errno) }
    defer { free(real) }
    path = String(cString: real)
  }

  deinit { Self.remove(path) }

  package func at(_ name: String) -> String { "\(path)/\(name)" }

  package var names: [String] { names(in: ".") }

  package func names(in name: String) -> [String] {
    Self.names(Array(at(name).utf8)).map { String(decoding: $0, as: UTF8.self) }.sorted()
  }

  package func makeDirectory(_ name: String, mode: mode_t = 0o755) throws {
    guard mkdir(at(name), mode) == 0 else { throw Failure("mkdir \(at(name))", code: errno) }
  }

  /// Creates the file, or replaces its content.
  /// - Returns: its path.
  @discardableResult
  package func write(_ name: String, _ bytes: [UInt8], mode: mode_t = 0o644) throws -> String {
    let file = open(at(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard file >= 0 else { throw Failure("open \(at(name))", code: errno) }
    defer { close(file) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Failure("write \(at(name))", code: errno) }
      rest = rest.dropFirst(count)
    }
    return at(name)
  }

  @discardableResult
  package func write(_ name: String, _ text: String = "text", mode: mode_t = 0o644) throws -> String {
    try write(name, Array(text.utf8), mode: mode)
  }

  /// The whole file; nil when it cannot be opened.
  package func bytes(_ name: String) -> [UInt8]? {
    let file = open(at(name), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var all: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(file, &block, block.count)
      guard count > 0 else { return all }
      all += block[..<count]
    }
  }

  package func text(_ name: String) -> String? { bytes(name).map { String(decoding: $0, as: UTF8.self) } }

  /// A file, or a folder with everything in it.
  package static func remove(_ path: String) { remove(Array(path.utf8)) }

  private static func remove(_ path: [UInt8]) {
    let text = (path + [0]).map { CChar(bitPattern: $0) }
    if unlink(text) == 0 { return }
    for name in names(path) { remove(path + [UInt8(ascii: "/")] + name) }
    rmdir(text)
  }

  /// Names are bytes, which need not be text.
  private static func names(_ path: [UInt8]) -> [[UInt8]] {
    guard let stream = opendir((path + [0]).map { CChar(bitPattern: $0) }) else { return [] }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if name != [46], name != [46, 46] { names.append(name) }
    }
    return names
  }
}
