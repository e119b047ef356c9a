/// What loading a configuration needs to know of the machine. A value in tests, the real thing in Pup.
package protocol ConfigurationEnvironment: Sendable {
  /// The environment that programs inherit; `PATH`, `HOME` and `TZ` matter here.
  var variables: [String: String] { get }
  /// Nil where there is nothing. Follows symbolic links. `path` is absolute.
  func entry(at path: String) -> FileSystemEntry?
  /// Permission bits, such as 0o600; nil where there is nothing.
  func permissions(of path: String) -> UInt32?
  /// The TZif data of a zone by its name ("Europe/Stockholm"), or of the machine's own zone for nil.
  func zoneData(named name: String?) -> [UInt8]?
}
