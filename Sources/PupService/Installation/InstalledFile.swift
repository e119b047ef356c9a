internal import Glibc
internal import PupInstance

/// What is at the place of a service file now.
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
    // A link is somebody's decision, also where it leads to a file of ours (/dev/null masks a unit).
    guard info.st_mode & S_IFMT == S_IFREG else {
      self = .foreign
      return
    }
    guard let text = RuntimeFiles.text(of: path) else { throw Self.failure(path, errno) }
    self = ServiceFile.isOurs(text) ? .ours(text) : .foreign
  }

  /// The error for a system call that failed.
  static func failure(_ path: String, _ code: Int32) -> InstanceError {
    let kind: InstanceError.Kind = code == EACCES || code == EPERM ? .permission : .system
    return InstanceError(kind, "\(path): \(strerror(code).map { String(cString: $0) } ?? "error \(code)")")
  }
}
