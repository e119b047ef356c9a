/// The names under which patterns may match a file: below the watched directory, below the base directory (that of the
/// configuration), and in full.
struct WatchedName: Hashable, Sendable {
  var belowRoot: String
  /// nil if the file is not below the base directory.
  var belowBase: String?
  var absolute: String

  func appending(_ name: String) -> WatchedName {
    WatchedName(
      belowRoot: Self.join(belowRoot, name), belowBase: belowBase.map { Self.join($0, name) }, absolute: Self.join(absolute, name)
    )
  }

  private static func join(_ directory: String, _ name: String) -> String {
    directory.isEmpty || directory == "/" ? directory + name : "\(directory)/\(name)"
  }
}
