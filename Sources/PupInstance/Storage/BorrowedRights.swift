internal import Glibc
internal import PupBasics
internal import PupSystem

/// Root works on a file that another user leads to with that user's rights: a link which that user has made leads root nowhere.
///
/// Other than `OwnerRights`, for a moment: root goes on with the rights that only root has, such as installing a service.
package enum BorrowedRights {
  /// Nothing changes unless root runs the command, and another user could have led the way to the file: who owns a folder or a
  /// link on it (or the file itself, where others may make files), and can reach what is theirs. The first one decides: what
  /// comes behind may be anything.
  /// - Parameter file: absolute; nil for none.
  package static func with<Value>(
    ofOwnersOnTheWayTo file: String?, _ body: () throws(InstanceError) -> Value
  ) throws(InstanceError) -> Value {
    guard geteuid() == 0, let file, let stranger = PathStranger.first(onTheWayTo: file, where: isWithinReach) else {
      return try body()
    }
    return try with(of: stranger.user, stranger.group, for: stranger.place) { () throws(InstanceError) in
      do throws(InstanceError) {
        return try body()
      } catch  where error.isDenied {
        throw InstanceError(
          error.kind,
          "\(error.message); \(stranger.place) belongs to \(Owner.words(stranger.user)), so that user's rights are used from there on: give the file "
            + "to that user, or keep it where only root leads")
      }
    }
  }

  /// Nothing changes unless root runs the command and the user is another one.
  package static func with<Value>(ofUser user: UInt32, _ body: () throws(InstanceError) -> Value) throws(InstanceError) -> Value {
    guard geteuid() == 0, !Owner.isCertain(user) else { return try body() }
    return try with(of: user, user, for: "this Pup", body)
  }

  private static func with<Value>(
    of user: uid_t, _ group: gid_t, for place: String, _ body: () throws(InstanceError) -> Value
  ) throws(InstanceError) -> Value {
    guard let own = take(user, group) else {
      throw InstanceError(
        .permission,
        "\(place) belongs to \(Owner.words(user)), and the command cannot take that user's rights; run it as that user")
    }
    defer { own.giveBack() }
    return try body()
  }

  /// Not where a folder above what is theirs keeps the user out: who cannot get there has laid nothing there. (A tree below
  /// root's own folder that was unpacked with the owners of another machine.) That the user has closed a folder of their own says
  /// nothing.
  private static func isWithinReach(_ stranger: PathStranger) -> Bool {
    // Where the rights cannot be had, that is the answer.
    guard let own = take(stranger.user, stranger.group) else { return true }
    defer { own.giveBack() }
    var info = stat()
    let above = PathText.parent(of: stranger.place)
    return stat(above == "/" ? "/." : above + "/.", &info) == 0 || errno != EACCES
  }

  /// What is given back.
  private struct Own {
    var group: gid_t
    var groups: [gid_t]

    /// A process that cannot become root again must not go on as root would.
    func giveBack() {
      guard seteuid(0) == 0, setegid(group) == 0, setgroups(groups.count, groups) == 0 else { abort() }
    }
  }

  /// The real user stays root, and so can have the effective one back. Nil where the rights cannot be had; then nothing has
  /// changed.
  private static func take(_ user: uid_t, _ group: gid_t) -> Own? {
    var groups = [gid_t](repeating: 0, count: Int(max(0, getgroups(0, nil))))
    let count = getgroups(Int32(groups.count), &groups)
    guard count >= 0 else { return nil }
    let own = Own(group: getegid(), groups: Array(groups.prefix(Int(count))))
    let known = UserAccount(user)
    let group = known?.group ?? group
    // Without CAP_SETGID this is refused, and would be on the way back as well.
    guard (known.map { initgroups($0.name, group) } ?? setgroups(0, nil)) == 0 else { return nil }
    guard setegid(group) == 0, seteuid(user) == 0 else {
      own.giveBack()
      return nil
    }
    return own
  }
}
