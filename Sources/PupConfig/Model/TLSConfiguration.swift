/// Files, both PEM, absolute.
package struct TLSConfiguration: Hashable, Sendable {
  /// The server's certificate, followed by those that lead to a known authority.
  package var certificate: String
  package var key: String

  package init(certificate: String, key: String) {
    self.certificate = certificate
    self.key = key
  }
}
