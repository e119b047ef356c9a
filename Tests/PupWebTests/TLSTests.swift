import Glibc
import PupSystem
import PupTokens
import PupWeb
import Testing

@Suite("TLS", .timeLimit(.minutes(5))) struct TLSTests {
  @Test("1.2 and 1.3 are spoken, older ones are not") func versions() throws {
    let server = try TestServer()
    defer { server.stop() }
    let port = try server.listenWithTLS()
    let request11 = "GET /healthz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n"
    for (version, isSpoken) in [("tls1_2", true), ("tls1_3", true), ("tls1_1", false)] {
      let client = "openssl s_client -quiet -\(version) -cipher ALL:@SECLEVEL=0 -connect 127.0.0.1:\(port)"
      let answer = try Certificate.openssl("version; printf '\(request11)' | timeout 5 \(client)")
      #expect(answer.contains(#"{"data":{"status":"ok"}}"#) == isSpoken, "\(version): \(answer)")
    }
  }

  @Test("what is wrong with a certificate and its key is told apart") func problems() throws {
    let (certificate, key, otherKey) = try Certificate.make { folder in
      _ = try Certificate.openssl("genpkey -algorithm RSA -out \(folder)/other")
      return (
        try Certificate.contents("\(folder)/cert"), try Certificate.contents("\(folder)/key"),
        try Certificate.contents("\(folder)/other")
      )
    }
    let half = String(certificate.prefix(certificate.count / 2))
    for (chain, key, problem) in [
      (certificate, key, nil), (certificate + certificate, key, nil), (certificate, otherKey, .mismatch),
      ("", key, .noCertificate), (half, key, .noCertificate), (key, key, .noCertificate), (certificate + half, key, .brokenChain),
      (certificate, "", .noKey), (certificate, String(key.prefix(key.count / 2)), .noKey), (certificate, certificate, .noKey),
    ] as [(String, String, TLSCertificateProblem?)] {
      var found: TLSCertificateProblem?
      do throws(TLSCertificateProblem) { _ = try TLSCertificate(certificate: chain, key: key) } catch { found = error }
      #expect(found == problem)
    }
  }
}
