/// Why TLS cannot be spoken with a certificate and a key. Whoever renews them file by file makes most of these for a moment.
package enum TLSCertificateProblem: Error, Hashable, Sendable {
  case noCertificate
  /// The first certificate of the file is whole, and a later one is not.
  case brokenChain
  /// Or one that needs a passphrase.
  case noKey
  case mismatch
  case noMemory

  /// - Parameters: the files' paths.
  package func description(certificate: String, key: String) -> String {
    switch self {
    case .noCertificate: "\(certificate) holds no certificate that can be used (it must be PEM)"
    case .brokenChain: "\(certificate) holds a certificate of its chain that is not whole"
    case .noKey: "\(key) holds no private key that can be used (it must be PEM, without a passphrase)"
    case .mismatch: "\(certificate) and \(key) do not belong together"
    case .noMemory: "TLS cannot be set up for want of memory"
    }
  }
}
