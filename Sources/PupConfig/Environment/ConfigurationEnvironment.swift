/// What loading a configuration needs to know about the machine: a value in tests, the real machine in Pup.
package protocol ConfigurationEnvironment: Sendable {
  /// The environment that programs inherit; `PATH`, `HOME` and `TZ` matter here.
  var variables: [String: String] { get }
  /// Nil if nothing exists there. Follows symbolic links. `path` is absolute.
  func entry(at path: String) -> FileSystemEntry?
  /// The beginning of a regular file; nil if it cannot be read.
  func contents(of path: String, limit: Int) -> [UInt8]?
  /// Why a folder cannot be entered, in the system's words; nil if it can. Follows symbolic links.
  func obstacle(toEntering path: String) -> String?
  /// Permission bits, such as 0o600; nil if nothing exists there.
  func permissions(of path: String) -> UInt32?
  /// The TZif data of a zone by its name ("Europe/Stockholm"), or of the machine's own zone if `name` is nil.
  func zoneData(named name: String?) -> [UInt8]?
  /// The names of all zones known to the machine; empty if it has no list of them.
  var zoneNames: [String] { get }
}
