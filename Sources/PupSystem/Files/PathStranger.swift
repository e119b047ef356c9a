/// Somebody who is neither root nor this user, and could have led a path elsewhere: the owner of a folder or a link on the way,
/// or of a file where others may make files.
package struct PathStranger: Hashable, Sendable {
  /// What belongs to them, by its path without the links that were followed.
  package let place: String
  package let user: UInt32
  package let group: UInt32

  /// The first one on the way to a file, the targets of links and the file itself included, as far as there is a way.
  /// - Parameters:
  ///   - file: absolute.
  ///   - isFound: false where the way behind this one is to be looked at as well.
  package static func first(onTheWayTo file: String, where isFound: @escaping (PathStranger) -> Bool) -> PathStranger? {
    PathWalk.stranger(onTheWayTo: file, where: isFound)
  }
}
