internal import PupInstance

/// A file that defines a service.
package struct ServiceFile: Hashable, Sendable {
  package var path: String
  package var content: String
  package var isExecutable: Bool
  /// Whether it contains values that others should not read.
  package var isPrivate: Bool

  init(_ path: String, _ content: String, isExecutable: Bool = false, isPrivate: Bool = false) {
    self.path = path
    self.content = content
    self.isExecutable = isExecutable
    self.isPrivate = isPrivate
  }

  var mode: UInt32 { (isExecutable ? 0o755 : 0o644) & (isPrivate ? 0o700 : 0o777) }

  /// The line by which Pup recognizes its own files.
  static let marker = "# Written by `pup enable-service`"

  static func isOurs(_ content: String) -> Bool {
    // It may follow the line that names a script's interpreter.
    content.split(separator: "\n", maxSplits: 4, omittingEmptySubsequences: false).prefix(4).contains { $0.hasPrefix(marker) }
  }

  /// The first lines of each file, which are read by `pup disable-service`.
  static func header(_ definition: ServiceDefinition, hint: String) -> String {
    """
    \(marker), which overwrites it when run again. \(hint)
    \(dataKey)\(definition.paths.data)
    \(temporaryKey)\(definition.paths.temporary)

    """
  }

  private static let dataKey = "# data: "
  private static let temporaryKey = "# temporary: "

  /// The instance that one of our files starts.
  static func paths(in content: String) -> StoragePaths? {
    func value(_ key: String) -> String? {
      content.split(separator: "\n").prefix(8).first { $0.hasPrefix(key) }.map { String($0.dropFirst(key.count)) }
    }
    guard let data = value(dataKey), let temporary = value(temporaryKey) else { return nil }
    return StoragePaths(name: "", directory: "", dataOverride: data, temporaryOverride: temporary, workingDirectory: "/")
  }
}
