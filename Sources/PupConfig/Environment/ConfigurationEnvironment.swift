/// What loading a configuration needs to know of the machine. A value in tests, the real thing in Pup.
package protocol ConfigurationEnvironment: Sendable {
  /// The environment that programs inherit; `PATH`, `HOME` and `TZ` matter here.
  var variables: [String: String] { get }
  /// Nil where there is nothing. Follows symbolic links. `path` is absolute.
  func entry(at path: String) -> FileSystemEntry?
  /// The TZif data of a zone by its name ("Europe/Stockholm"), or of the machine's own zone for nil.
  func zoneData(named name: String?) -> [UInt8]?
}
