internal import Glibc

/// Who could change what is in a folder, besides root and the user that Pup runs as.
struct FolderGuard {
  /// Nobody else can make, move or remove anything here.
  let isSafe: Bool
  /// Others can make things here, but not touch what is not theirs (`/tmp`).
  let isSticky: Bool
  /// Everybody may make things here.
  let isOpenToAll: Bool
  let owner: uid_t
  let group: gid_t

  init(_ info: stat) {
    owner = info.st_uid
    group = info.st_gid
    isOpenToAll = info.st_mode & S_IWOTH != 0
    let isOurs = Owner.isCertain(info.st_uid)
    isSafe = isOurs && Owner.others(info.st_mode, info.st_gid) == nil
    isSticky = isOurs && info.st_mode & S_ISVTX != 0
  }

  /// Whether what lies in such a folder, and belongs to `owner`, was put there by somebody whom we trust.
  func vouches(for owner: uid_t) -> Bool { isSafe || isSticky && Owner.isTrusted(owner) }
}
