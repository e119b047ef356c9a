/// The REST interface.
package struct APIConfiguration: Hashable, Sendable {
  package var hostname = ConfigurationDefaults.apiHostname
  /// Nil: the first free port from `ConfigurationDefaults.firstAPIPort`.
  package var port: UInt16?
  /// Consumers whose tokens are refused; compared after trimming, ignoring case.
  package var revoked: [String] = []
  /// Names accepted in `Host` besides localhost, addresses and `hostname`, such as a proxy's.
  package var allowedHosts: [String] = []
  /// Origins ("https://panel.example.org") whose pages may call the interface from a browser.
  package var allowedOrigins: [String] = []
  /// Nil: plain HTTP.
  package var tls: TLSConfiguration?

  package init() {}
}
