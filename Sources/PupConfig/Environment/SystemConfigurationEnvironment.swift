/// The machine that Pup runs on.
package struct SystemConfigurationEnvironment: ConfigurationEnvironment {
  package var variables: [String: String]
  private static let zoneDirectory = "/usr/share/zoneinfo/"
  /// More than any zone needs.
  private static let zoneLimit = 1 << 20

  package init(variables: [String: String]) { self.variables = variables }

  package func entry(at path: String) -> FileSystemEntry? { SystemFiles.entry(at: path) }

  package func permissions(of path: String) -> UInt32? { SystemFiles.permissions(of: path) }

  package func zoneData(named name: String?) -> [UInt8]? {
    guard let name else { return data(at: "/etc/localtime") }
    // A name is a path below the zone directory and must stay there; TZ may spell it out.
    let relative = name.hasPrefix(Self.zoneDirectory) ? String(name.dropFirst(Self.zoneDirectory.count)) : name
    guard !relative.isEmpty, !relative.hasPrefix("/"), !relative.split(separator: "/").contains("..") else { return nil }
    return data(at: Self.zoneDirectory + relative)
  }

  private func data(at path: String) -> [UInt8]? { try? SystemFiles.read(path, limit: Self.zoneLimit).bytes }
}
