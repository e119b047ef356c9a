internal import CLinux
internal import Glibc
internal import PupSystem
internal import PupTestSupport

/// A folder of a test's own, gone at its end.
struct TestFolder {
  let path: String

  /// - Parameter parent: nil for where temporary files belong.
  init(in parent: String? = nil) throws {
    let parent = parent ?? getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/pup-uml-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure("mkdtemp in \(parent): \(String(cString: pup_error_text(errno)))") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func text(_ name: String) -> String? { ProcFiles.read("\(path)/\(name)").map { String(decoding: $0, as: UTF8.self) } }

  func write(_ text: String, to name: String, mode: mode_t = 0o644) throws {
    let descriptor = pup_open("\(path)/\(name)", O_WRONLY | O_CREAT | O_EXCL, mode)
    guard descriptor >= 0 else { throw Failure("open \(path)/\(name): \(String(cString: pup_error_text(-descriptor)))") }
    defer { close(descriptor) }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Failure("write \(path)/\(name): \(String(cString: pup_error_text(errno)))") }
      rest = rest.dropFirst(count)
    }
  }

  func makeFolder(_ name: String) throws {
    guard mkdir("\(path)/\(name)", 0o755) == 0 else { throw Failure("mkdir \(path)/\(name): errno \(errno)") }
  }

  func names(in name: String = ".") -> [String] { Self.names("\(path)/\(name)") }

  func remove() { Self.remove(path) }

  private static func names(_ path: String) -> [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  private static func remove(_ path: String) {
    if unlink(path) == 0 { return }
    for name in names(path) { remove("\(path)/\(name)") }
    rmdir(path)
  }
}
