internal import Glibc
internal import Synchronization

/// Which groups are private to a user, as most distributions create one for each user: nobody else is in them.
///
/// An answer is cached for a while, as a directory service may be slow; not for good, as someone may be added to a group. A
/// missing answer is never cached.
final class PrivateGroups: Sendable {
  private static let lifetime: Int64 = 10_000_000_000

  private struct Question: Hashable {
    var group: gid_t
    var user: uid_t
  }

  private let answers = Mutex<[Question: (isPrivate: Bool, until: Int64)]>([:])
  private let isOwn: @Sendable (gid_t, uid_t) throws(SystemError) -> Bool

  init(isOwn: @escaping @Sendable (gid_t, uid_t) throws(SystemError) -> Bool = PrivateGroups.isOwnGroup) { self.isOwn = isOwn }

  /// Whether the group is private to this user or to root. If that cannot be determined, it is not.
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
    // Others may have been added to it.
    return entry.name == user.name && entry.members.allSatisfy { $0 == user.name }
  }
}
