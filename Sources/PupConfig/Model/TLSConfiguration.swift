/// Absolute paths of two PEM files.
package struct TLSConfiguration: Hashable, Sendable {
  /// The server's certificate, followed by its intermediate certificates.
  package var certificate: String
  package var key: String

  package init(certificate: String, key: String) {
    self.certificate = certificate
    self.key = key
  }
}
