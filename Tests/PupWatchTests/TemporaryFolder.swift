import Glibc

/// A folder of a test's own, removed with all that is in it when the test is done.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/pup-watch-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw Failure(call: "mkdtemp", code: errno) }
    // The name in full: /tmp may be a symbolic link.
    guard let real = realpath(made, nil) else { throw Failure(call: "realpath", code: errno) }
    defer { free(real) }
    path = String(cString: real)
  }

  deinit { Self.removeAll(path) }

  struct Failure: Error {
    var call: String
    var code: Int32
  }

  func at(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes the file as most programs do: open, truncate, write, close.
  func write(_ name: String, _ text: String = "text") throws {
    let descriptor = open(at(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Failure(call: "open \(name)", code: errno) }
    defer { close(descriptor) }
    guard Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count else { throw Failure(call: "write", code: errno) }
  }

  func makeDirectory(_ name: String) throws { try check(mkdir(at(name), 0o755), "mkdir \(name)") }
  func rename(_ from: String, _ to: String) throws { try check(Glibc.rename(at(from), at(to)), "rename \(from)") }
  func delete(_ name: String) throws { try check(unlink(at(name)), "unlink \(name)") }
  func deleteDirectory(_ name: String) throws { try check(rmdir(at(name)), "rmdir \(name)") }
  /// `target` is relative to the link, or absolute.
  func link(_ name: String, to target: String) throws { try check(symlink(target, at(name)), "symlink \(name)") }
  func hardLink(_ name: String, to target: String) throws { try check(Glibc.link(at(target), at(name)), "link \(name)") }
  func change(mode: mode_t, of name: String) throws { try check(chmod(at(name), mode), "chmod \(name)") }

  private func check(_ code: Int32, _ call: String) throws {
    guard code == 0 else { throw Failure(call: call, code: errno) }
  }

  private static func removeAll(_ path: String) {
    if let stream = opendir(path) {
      var names: [String] = []
      while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append("\(path)/\(name)") }
      }
      closedir(stream)
      for name in names {
        var info = stat()
        guard lstat(name, &info) == 0 else { continue }
        if info.st_mode & S_IFMT == S_IFDIR { removeAll(name) } else { unlink(name) }
      }
    }
    rmdir(path)
  }
}
