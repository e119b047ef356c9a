/// Remembers where programs were found, because many processes run the same one.
struct SearchPathCache {
  private struct Key: Hashable {
    var name: String
    var searchPath: String
    var directory: String
  }

  private var found: [Key: ExecutableLookup.Result] = [:]

  mutating func find(_ name: String, searchPath: String, directory: String, _ files: inout FileChecks) -> ExecutableLookup.Result
  {
    let key = Key(name: name, searchPath: searchPath, directory: directory)
    if let known = found[key] { return known }
    let result = ExecutableLookup.find(name, searchPath: searchPath, directory: directory) { files.entry(at: $0) }
    found[key] = result
    return result
  }
}
