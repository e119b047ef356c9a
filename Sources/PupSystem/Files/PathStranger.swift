/// Someone who is neither root nor this user, and could have redirected a path: the owner of a folder or a link on the way, or of
/// a file in a folder where others may create files.
package struct PathStranger: Hashable, Sendable {
  /// What belongs to them: its path without the links that were followed.
  package let place: String
  package let user: UInt32
  package let group: UInt32

  /// The first one on the way to a file, the targets of links and the file itself included, as far as the path exists.
  /// - Parameters:
  ///   - file: absolute.
  ///   - isFound: false if the way beyond this one has to be examined as well.
  package static func first(onTheWayTo file: String, where isFound: @escaping (PathStranger) -> Bool) -> PathStranger? {
    PathWalk.stranger(onTheWayTo: file, where: isFound)
  }
}
