import Glibc
import PupAPI
import PupRestClient
import PupTestSupport
import PupTokens
import PupWeb
import Synchronization
import Testing

@Suite("PupRestClient over https", .timeLimit(.minutes(5))) struct ClientTLSTests {
  private func contents(_ path: String) throws -> String {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
  }

  @Test("trusts the certificate that it was given, for the name in it, and no other; the token stays at home") func trust()
    async throws
  {
    let folder = try TemporaryFolder()
    let (key, own) = (folder.at("key"), folder.at("cert"))
    let request =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=pup -addext subjectAltName=IP:127.0.0.1"
    try #require(system("\(request) -keyout \(key) -out \(own) 2>/dev/null") == 0)
    let server = try TestServer()
    defer { server.stop() }
    let listener = try ListeningSocket.tcp(host: "127.0.0.1", port: 0)
    let certificate = try TLSCertificate(certificate: contents(own), key: contents(key))
    try server.onLoop { web in try web.listen(on: listener.descriptor, isLocal: false, certificate: certificate) }

    var options = PupClientOptions()
    options.timeout = .seconds(20)
    for (host, authority, isTrusted) in [("127.0.0.1", own, true), ("127.0.0.1", nil, false), ("localhost", own, false)] {
      options.certificateAuthority = authority
      let client = try PupRestClient("https://\(host):\(listener.port)", server.token(), options: options)
      defer { client.close() }
      if isTrusted {
        #expect(try await client.getProcesses().count == 2)
      } else {
        let error = await #expect(throws: PupError.self) { try await client.getProcesses() }
        #expect(error?.code == .unexpectedAnswer)
      }
    }
    #expect(server.backend.content.withLock { $0.access.map(\.path) } == ["/processes"])
  }
}
