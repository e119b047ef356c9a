internal import CLinux
internal import Glibc
internal import PupLogs
internal import PupSystem

/// Where an instance keeps its logs, seen by somebody who may not be allowed to.
struct LogFolder {
  let path: String

  init(_ path: String) { self.path = path }

  var exists: Bool { access(path, F_OK) == 0 }

  /// What stands between the reader and the logs; nil where they can be read, and where there are none.
  var problem: String? {
    guard let blocked = unreadable else { return nil }
    return "\(blocked): \(String(cString: pup_error_text(EACCES))); run the command as the user of this Pup, or as root"
  }

  private var unreadable: String? {
    if access(path, R_OK | X_OK) != 0 { return errno == EACCES ? path : nil }
    for name in FolderNames.list(path) ?? [] where access("\(path)/\(name)", R_OK) != 0 && errno == EACCES {
      return "\(path)/\(name)"
    }
    return nil
  }

  /// The processes that have lines and are asked for: for the width of a column.
  func processes(_ query: LogQuery) -> [String] {
    let names = FolderNames.list(path) ?? []
    guard let asked = query.processes?.map({ $0.lowercased() }) else { return names }
    return names.filter { asked.contains($0.lowercased()) }
  }
}
