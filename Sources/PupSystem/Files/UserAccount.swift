internal import Glibc

/// A user of this machine, as known to the files and services behind getpwuid(3). Safe from any thread: nothing is shared with
/// other callers.
package struct UserAccount: Hashable, Sendable {
  package let name: String
  package let group: UInt32

  /// Nil if nobody has this number, or if that cannot be determined right now.
  package init?(_ user: UInt32) {
    guard let account = try? Self.find(user) else { return nil }
    self = account
  }

  private init(name: String, group: UInt32) {
    self.name = name
    self.group = group
  }

  /// Nil if nobody has this number.
  static func find(_ user: UInt32) throws(SystemError) -> UserAccount? {
    try AccountBuffer.ask("getpwuid \(user)") { buffer, size in
      var entry = passwd()
      var found: UnsafeMutablePointer<passwd>?
      let code = getpwuid_r(user, &entry, buffer, size, &found)
      return (code, found.map { UserAccount(name: String(cString: $0.pointee.pw_name), group: $0.pointee.pw_gid) })
    }
  }
}
