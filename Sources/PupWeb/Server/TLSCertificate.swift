/// A server's certificate chain and key, both PEM texts.
package struct TLSCertificate: Sendable {
  package var certificate: String
  package var key: String

  package init(certificate: String, key: String) {
    self.certificate = certificate
    self.key = key
  }
}
