internal import PupBasics

/// The machine that Pup runs on.
package struct SystemConfigurationEnvironment: ConfigurationEnvironment {
  package var variables: [String: String]
  private static let zoneDirectory = "/usr/share/zoneinfo/"
  /// More than any zone needs.
  private static let zoneLimit = 1 << 20

  package init(variables: [String: String]) { self.variables = variables }

  package func entry(at path: String) -> FileSystemEntry? { SystemFiles.entry(at: path) }

  package func contents(of path: String, limit: Int) -> [UInt8]? { try? SystemFiles.read(path, limit: limit).bytes }

  package func obstacle(toEntering path: String) -> String? { SystemFiles.obstacle(toEntering: path) }

  package func permissions(of path: String) -> UInt32? { SystemFiles.permissions(of: path) }

  package func zoneData(named name: String?) -> [UInt8]? {
    guard let name else { return data(at: "/etc/localtime") }
    // A name is a path below the zone directory and must not leave it; TZ may contain the full path.
    let relative = name.hasPrefix(Self.zoneDirectory) ? String(name.dropFirst(Self.zoneDirectory.count)) : name
    guard !relative.isEmpty, !PathText.isAbsolute(relative), !PathText.parts(of: relative).contains("..") else { return nil }
    return data(at: Self.zoneDirectory + relative)
  }

  package var zoneNames: [String] {
    // "Z Europe/Berlin 0:53:28 …", "L Europe/Berlin Europe/Copenhagen" (zic(8))
    let lines = String(decoding: data(at: Self.zoneDirectory + "tzdata.zi") ?? [], as: UTF8.self).split(separator: "\n")
    return lines.compactMap { line in
      let words = line.split(separator: " ", maxSplits: 3)
      guard words.count > 2, words[0] == "Z" || words[0] == "L" else { return nil }
      return String(words[0] == "Z" ? words[1] : words[2])
    }
  }

  private func data(at path: String) -> [UInt8]? { contents(of: path, limit: Self.zoneLimit) }
}
