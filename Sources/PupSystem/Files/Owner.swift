internal import Glibc

/// Whose files this process trusts: its own and root's.
package enum Owner {
  static func isTrusted(_ user: uid_t) -> Bool { user == 0 || user == geteuid() }

  /// The same for a folder on the way to a file. In a user namespace it is impossible to tell who owns the folders that existed
  /// before: they all appear as one user.
  package static func isTrustedOnTheWay(_ user: UInt32) -> Bool { isTrusted(user) || user == unmapped }

  /// The same if links would be followed, and files opened, with this process's rights: the number by which unmapped users appear
  /// may be that of a real one here (`nobody`, in most containers), and then proves nothing.
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

  /// Whether the file's group lets only root or the user write: a private group, as most distributions create one for each user.
  static func isPrivateGroup(_ group: gid_t) -> Bool {
    if geteuid() == 0, group == 0 { return true }
    return privateGroups.contains(group, of: geteuid())
  }

  private static let privateGroups = PrivateGroups()

  /// The way out for folders whose permissions cannot be changed, such as a container's volumes: everyone who can write there is
  /// trusted.
  static var trustsFolders: Bool { getenv("PUP_TRUST_FOLDERS").map { String(cString: $0) } == "1" }

  static let trustHint = "if everyone who can write there is trusted, as in a container's volume, set PUP_TRUST_FOLDERS=1"

  /// "bob (uid 1001)"
  package static func words(_ user: UInt32) -> String {
    UserAccount(user).map { "\($0.name) (uid \(user))" } ?? "uid \(user)"
  }

  /// Nil if the bits let nobody else write; otherwise who may, and the letters for chmod that end it.
  static func others(_ mode: mode_t, _ group: gid_t) -> (who: String, letters: String)? {
    if mode & 0o002 != 0 { return ("everybody", mode & 0o020 != 0 ? "go-w" : "o-w") }
    if mode & 0o020 != 0, !isPrivateGroup(group) { return ("its group", "g-w") }
    return nil
  }
}
