internal import Glibc
internal import PupSystem
internal import Synchronization

/// What a user has made never gets root's rights: a command of root's that is about another user's instance is carried out as
/// that user.
package enum OwnerRights {
  private static let invokerBox = Mutex<UInt32?>(nil)

  /// Who has called the command, whatever rights it has now.
  package static var invoker: UInt32 { invokerBox.withLock { $0 } ?? geteuid() }

  /// For good. Nothing changes unless root runs the command and the data folder is another user's.
  package static func take(for paths: StoragePaths) throws(InstanceError) {
    guard geteuid() == 0 else { return }
    var info = stat()
    guard lstat(paths.data, &info) == 0, info.st_mode & S_IFMT == S_IFDIR, info.st_uid != 0 else { return }
    invokerBox.withLock { $0 = geteuid() }
    let user = UserAccount(info.st_uid)
    let group = user?.group ?? info.st_gid
    let groups = user.map { initgroups($0.name, group) } ?? setgroups(0, nil)
    // All three ids: nothing gets root's rights back.
    guard groups == 0, setgid(group) == 0, setuid(info.st_uid) == 0 else {
      throw InstanceError(
        .permission,
        "\(paths.data): this Pup belongs to \(Owner.words(info.st_uid)), and the command cannot take that user's rights; run it as that user"
      )
    }
  }
}
