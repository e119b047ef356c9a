internal import Glibc

/// An unprivileged user's own systemd.
package enum UserManager {
  /// The folder with its sockets; nil if it is not running.
  package static var runtimeDirectory: String? {
    let candidates = [getenv("XDG_RUNTIME_DIR").map { String(cString: $0) }, "/run/user/\(geteuid())"].compactMap { $0 }
    return candidates.first { access($0 + "/systemd/private", F_OK) == 0 }
  }

  /// Whether it runs without a login session.
  package static func lingers(_ user: String) -> Bool { access("/var/lib/systemd/linger/\(user)", F_OK) == 0 }

  /// The name of the user that this process runs as.
  package static var userName: String? { getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } }
}
