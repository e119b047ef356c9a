internal import PupCommandLine
internal import PupConfig
internal import PupWeb

/// The generated files that are kept in the repository.
enum RepositoryFiles {
  private static let files = [
    ("pup.schema.json", ConfigurationSchema.jsonSchema()),
    ("docs/configuration.md", ConfigurationSchema.markdown()),
    ("docs/rest-api.md", RouteDocumentation.markdown()),
    ("docs/cli.md", CommandReference.markdown()),
  ]

  static func areCurrent() -> Bool {
    let stale = files.filter { !isCurrent($0.0, $0.1) }
    for (path, _) in stale { print("\(path) is stale; run: make generate") }
    return stale.isEmpty
  }

  static func write() -> Bool {
    var isGood = true
    for (path, text) in files where !isCurrent(path, text) {
      if TextFile.write(text, to: path) { print("wrote \(path)") } else { isGood = false }
    }
    return isGood
  }

  private static func isCurrent(_ path: String, _ text: String) -> Bool {
    (try? ConfigurationFile.read(path)).map { String(decoding: $0, as: UTF8.self) } == text
  }
}
