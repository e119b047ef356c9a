internal import Glibc

/// Who could change the content of a folder, besides root and the user that Pup runs as.
struct FolderGuard {
  /// Nobody else can create, move or remove anything here.
  let isSafe: Bool
  /// Others can create things here, but not touch what is not theirs (`/tmp`).
  let isSticky: Bool
  /// Everyone may create things here.
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

  /// Whether what is in such a folder, and belongs to `owner`, was put there by someone we trust.
  func vouches(for owner: uid_t) -> Bool { isSafe || isSticky && Owner.isTrusted(owner) }
}
