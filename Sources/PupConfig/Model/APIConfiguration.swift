/// The REST interface.
package struct APIConfiguration: Hashable, Sendable {
  package var hostname = ConfigurationDefaults.apiHostname
  /// Nil: the first free port from `ConfigurationDefaults.firstAPIPort`.
  package var port: UInt16?
  /// Names of consumers whose tokens are refused; compared trimmed and without regard to case.
  package var revoked: [String] = []

  package init() {}
}
