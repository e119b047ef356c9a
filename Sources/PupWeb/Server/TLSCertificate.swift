internal import CTLS

/// A server's certificate chain and its key, which belong together.
package struct TLSCertificate: Sendable {
  let context: TLSContext

  /// - Parameters: PEM texts.
  package init(certificate: String, key: String) throws(TLSCertificateProblem) { context = try TLSContext(certificate, key) }
}

/// What every connection of a listener needs to speak TLS. Not changed once it is made; OpenSSL counts its users itself.
final class TLSContext: @unchecked Sendable {
  let context: OpaquePointer

  fileprivate init(_ certificate: String, _ key: String) throws(TLSCertificateProblem) {
    let (chain, key) = (Array(certificate.utf8), Array(key.utf8))
    var problem = PUP_TLS_GOOD
    guard let made = pup_tls_context(chain, chain.count, key, key.count, &problem) else { throw TLSCertificateProblem(problem) }
    context = made
  }

  deinit { SSL_CTX_free(context) }
}

extension TLSCertificateProblem {
  fileprivate init(_ problem: pup_tls_problem) {
    switch problem {
    case PUP_TLS_BAD_CERTIFICATE: self = .noCertificate
    case PUP_TLS_BAD_CHAIN: self = .brokenChain
    case PUP_TLS_BAD_KEY: self = .noKey
    case PUP_TLS_MISMATCH: self = .mismatch
    default: self = .noMemory
    }
  }
}
