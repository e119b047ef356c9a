internal import Glibc

/// Whom this process trusts with what it reads: itself and root.
package enum Owner {
  static func isTrusted(_ user: uid_t) -> Bool { user == 0 || user == geteuid() }

  /// The same for a folder on the way to a file. In a user namespace nobody can tell who owns the folders that were there before:
  /// they all show as one user.
  package static func isTrustedOnTheWay(_ user: UInt32) -> Bool { isTrusted(user) || user == unmapped }

  /// The same where links would be followed, and files be opened, with this process's rights: the number under which unmapped
  /// users show may be that of a real one here (`nobody`, in most containers), and then proves nothing.
  package static func isCertain(_ user: UInt32) -> Bool { isTrusted(user) || user == unmapped && !isUnmappedAmbiguous }

  private static let map = ProcFiles.read("/proc/self/uid_map").map(ProcFiles.numbers)?.map { UInt32(bitPattern: $0) } ?? []

  private static let unmapped: uid_t? = {
    guard !map.isEmpty, map != [0, 0, .max] else { return nil }
    return ProcFiles.read("/proc/sys/kernel/overflowuid").map(ProcFiles.numbers)?.first.map { uid_t(bitPattern: $0) }
  }()

  private static let isUnmappedAmbiguous = unmapped.map { covers(map, $0) } ?? false

  /// - Parameter map: of a user namespace: first number inside, first number outside, count; and so on.
  static func covers(_ map: [UInt32], _ user: UInt32) -> Bool {
    stride(from: 0, to: map.count - 2, by: 3).contains { user >= map[$0] && user - map[$0] < map[$0 + 2] }
  }

  /// Whether those who may write by the file's group are root or the user alone: a group of their own, as most distributions make
  /// one for each user.
  static func isPrivateGroup(_ group: gid_t) -> Bool {
    if geteuid() == 0, group == 0 { return true }
    return privateGroups.contains(group, of: geteuid())
  }

  private static let privateGroups = PrivateGroups()

  /// The way out for folders whose rights cannot be changed, such as a container's volumes: whoever can write there is trusted.
  static var trustsFolders: Bool { getenv("PUP_TRUST_FOLDERS").map { String(cString: $0) } == "1" }

  static let trustHint = "where everybody who can write there is trusted, as in a volume of a container, set PUP_TRUST_FOLDERS=1"

  /// "bob (uid 1001)"
  package static func words(_ user: UInt32) -> String {
    UserAccount(user).map { "\($0.name) (uid \(user))" } ?? "uid \(user)"
  }

  /// Nil where the bits let nobody else write; else who may, and the letters for chmod that end it.
  static func others(_ mode: mode_t, _ group: gid_t) -> (who: String, letters: String)? {
    if mode & 0o002 != 0 { return ("everybody", mode & 0o020 != 0 ? "go-w" : "o-w") }
    if mode & 0o020 != 0, !isPrivateGroup(group) { return ("its group", "g-w") }
    return nil
  }
}
