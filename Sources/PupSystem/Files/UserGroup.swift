internal import Glibc

/// A group of this machine, as known to the files and services behind getgrgid(3).
struct UserGroup: Hashable, Sendable {
  let name: String
  /// By name, without those whose primary group it is.
  let members: [String]

  /// Nil if no group has this number.
  static func find(_ group: gid_t) throws(SystemError) -> UserGroup? {
    try AccountBuffer.ask("getgrgid \(group)") { buffer, size in
      var entry = Glibc.group()
      var found: UnsafeMutablePointer<Glibc.group>?
      let code = getgrgid_r(group, &entry, buffer, size, &found)
      return (code, found.map { UserGroup(name: String(cString: $0.pointee.gr_name), members: names($0.pointee.gr_mem)) })
    }
  }

  private static func names(_ first: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> [String] {
    var names: [String] = []
    var place = first
    while let member = place, let text = member.pointee {
      names.append(String(cString: text))
      place = member + 1
    }
    return names
  }
}
