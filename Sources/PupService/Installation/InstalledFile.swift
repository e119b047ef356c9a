internal import Glibc
internal import PupInstance
internal import PupSystem

/// What currently exists in place of a service file.
enum InstalledFile: Equatable {
  case none
  case ours(String)
  case foreign

  init(_ path: String) throws(InstanceError) {
    var info = stat()
    guard lstat(path, &info) == 0 else {
      guard errno == ENOENT || errno == ENOTDIR else { throw Self.failure(path, errno) }
      self = .none
      return
    }
    // A link is someone's deliberate choice, even if it leads to one of our files (/dev/null masks a unit).
    guard info.st_mode & S_IFMT == S_IFREG else {
      self = .foreign
      return
    }
    do throws(SystemError) {
      let text = try RuntimeFiles.read(path)
      self = ServiceFile.isOurs(text) ? .ours(text) : .foreign
    } catch {
      throw Self.failure(path, error.errno)
    }
  }

  /// The error for a failed system call.
  static func failure(_ path: String, _ code: Int32) -> InstanceError {
    let kind: InstanceError.Kind = code == EACCES || code == EPERM ? .permission : .system
    return InstanceError(kind, "\(path): \(strerror(code).map { String(cString: $0) } ?? "error \(code)")")
  }
}
