/// The REST interface.
package struct APIConfiguration: Hashable, Sendable {
  package var hostname = ConfigurationDefaults.apiHostname
  /// Nil: the first free port from `ConfigurationDefaults.firstAPIPort`.
  package var port: UInt16?
  /// Names of consumers whose tokens are refused; compared trimmed and without regard to case.
  package var revoked: [String] = []
  /// Names in `Host` besides localhost, addresses and `hostname`: those of proxies.
  package var allowedHosts: [String] = []
  /// Origins ("https://panel.example.org") whose pages may call from a browser.
  package var allowedOrigins: [String] = []
  /// Nil: plain HTTP.
  package var tls: TLSConfiguration?

  package init() {}
}
