internal import Glibc
internal import PupSystem
internal import Synchronization

/// What a user has created never gets root's rights: a command by root about another user's instance is carried out as that user.
package enum OwnerRights {
  private static let invokerBox = Mutex<UInt32?>(nil)

  /// Who called the command, whatever rights it has now.
  package static var invoker: UInt32 { invokerBox.withLock { $0 } ?? geteuid() }

  /// Irreversible. Changes nothing unless root runs the command and the data folder is another user's.
  package static func take(for paths: StoragePaths) throws(InstanceError) {
    guard geteuid() == 0 else { return }
    var info = stat()
    guard lstat(paths.data, &info) == 0, info.st_mode & S_IFMT == S_IFDIR, info.st_uid != 0 else { return }
    invokerBox.withLock { $0 = geteuid() }
    let user = UserAccount(info.st_uid)
    let group = user?.group ?? info.st_gid
    let groups = user.map { initgroups($0.name, group) } ?? setgroups(0, nil)
    // All three ids, so that root's rights cannot be regained.
    guard groups == 0, setgid(group) == 0, setuid(info.st_uid) == 0 else {
      throw InstanceError(
        .permission,
        "\(paths.data): this Pup belongs to \(Owner.words(info.st_uid)), and the command cannot assume that user's rights; run it as that user"
      )
    }
  }
}
