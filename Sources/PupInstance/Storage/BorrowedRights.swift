internal import Glibc
internal import PupBasics
internal import PupSystem

/// If another user controls the way to a file, root works on it with that user's rights, so that a link made by that user leads
/// root nowhere.
///
/// Unlike `OwnerRights`, only temporarily: root continues with rights that only root has, such as installing a service.
package enum BorrowedRights {
  /// Changes nothing unless root runs the command and another user could have determined the way to the file: one who owns a
  /// folder or a link on it (or the file itself, where others may create files), and can reach it. The first such user decides,
  /// since what follows may be anything.
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
          "\(error.message); \(stranger.place) belongs to \(Owner.words(stranger.user)), so that user's rights are used from there on; give the file "
            + "to that user, or keep it where only root controls the path")
      }
    }
  }

  /// Changes nothing unless root runs the command and the user is a different one.
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
        "\(place) belongs to \(Owner.words(user)), and the command cannot assume that user's rights; run it as that user")
    }
    defer { own.giveBack() }
    return try body()
  }

  /// Not if a folder above keeps the user out: a user who cannot get there has put nothing there. (Example: a tree below root's
  /// own folder, unpacked with the owners of another machine.) That users have closed a folder of their own proves nothing.
  private static func isWithinReach(_ stranger: PathStranger) -> Bool {
    // If the rights are unavailable, that is the answer.
    guard let own = take(stranger.user, stranger.group) else { return true }
    defer { own.giveBack() }
    var info = stat()
    let above = PathText.parent(of: stranger.place)
    return stat(above == "/" ? "/." : above + "/.", &info) == 0 || errno != EACCES
  }

  /// What is restored.
  private struct Own {
    var group: gid_t
    var groups: [gid_t]

    /// A process that cannot become root again must not continue as if it were.
    func giveBack() {
      guard seteuid(0) == 0, setegid(group) == 0, setgroups(groups.count, groups) == 0 else { abort() }
    }
  }

  /// The real user stays root, so the effective one can be restored. Nil if the rights are unavailable; then nothing has changed.
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
