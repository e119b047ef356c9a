import Glibc
import PupTestSupport

/// What people and programs do to a tree of files.
extension TemporaryFolder {
  func rename(_ from: String, _ to: String) throws { try check(Glibc.rename(at(from), at(to)), "rename \(from)") }
  func delete(_ name: String) throws { try check(unlink(at(name)), "unlink \(name)") }
  func deleteDirectory(_ name: String) throws { try check(rmdir(at(name)), "rmdir \(name)") }
  /// `target` is relative to the link, or absolute.
  func link(_ name: String, to target: String) throws { try check(symlink(target, at(name)), "symlink \(name)") }
  func hardLink(_ name: String, to target: String) throws { try check(Glibc.link(at(target), at(name)), "link \(name)") }
  func change(mode: mode_t, of name: String) throws { try check(chmod(at(name), mode), "chmod \(name)") }

  private func check(_ code: Int32, _ call: String) throws {
    guard code == 0 else { throw Failure(call, code: errno) }
  }
}
