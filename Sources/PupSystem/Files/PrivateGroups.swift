internal import Glibc
internal import Synchronization

/// Which groups are a user's own, as most distributions make one for each user: nobody else is in them.
///
/// An answer is used again for a while, as a directory service may take its time; not for good, as somebody may be put into a
/// group. That there was no answer is never kept.
final class PrivateGroups: Sendable {
  private static let lifetime: Int64 = 10_000_000_000

  private struct Question: Hashable {
    var group: gid_t
    var user: uid_t
  }

  private let answers = Mutex<[Question: (isPrivate: Bool, until: Int64)]>([:])
  private let isOwn: @Sendable (gid_t, uid_t) throws(SystemError) -> Bool

  init(isOwn: @escaping @Sendable (gid_t, uid_t) throws(SystemError) -> Bool = PrivateGroups.isOwnGroup) { self.isOwn = isOwn }

  /// Whether the group is the own one of this user or of root. Where that cannot be found out, it is not.
  func contains(_ group: gid_t, of user: uid_t, at now: Int64 = Clock.boot) -> Bool {
    (user == 0 ? [0] : [user, 0]).contains { isPrivate(Question(group: group, user: $0), now) }
  }

  private func isPrivate(_ question: Question, _ now: Int64) -> Bool {
    if let known = answers.withLock({ $0[question] }), now < known.until { return known.isPrivate }
    // Without the lock: others do not wait for a service that is slow.
    guard let isPrivate = try? isOwn(question.group, question.user) else { return false }
    answers.withLock { $0[question] = (isPrivate, now + Self.lifetime) }
    return isPrivate
  }

  private static func isOwnGroup(_ group: gid_t, of owner: uid_t) throws(SystemError) -> Bool {
    guard let user = try UserAccount.find(owner), user.group == group, let entry = try UserGroup.find(group) else { return false }
    // Others may have been put into it.
    return entry.name == user.name && entry.members.allSatisfy { $0 == user.name }
  }
}
