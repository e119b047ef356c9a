import Glibc
import PupSystem
import PupTokens
import PupWeb
import Testing

@Suite("TLS", .timeLimit(.minutes(1))) struct TLSTests {
  /// What OpenSSL's program prints.
  private func openssl(_ arguments: String) throws -> String {
    let pipe = try #require(popen("openssl \(arguments) 2>&1", "r"))
    var text = ""
    var line = [CChar](repeating: 0, count: 4096)
    while fgets(&line, Int32(line.count), pipe) != nil {
      text += String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    pclose(pipe)
    return text
  }

  private func contents(_ path: String) throws -> String {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  @Test("1.2 and 1.3 are spoken, older ones are not; a wrong key is told") func versions() throws {
    var template = Array("/tmp/pup-tls-XXXXXX".utf8CString)
    let made = mkdtemp(&template)
    let folder = try #require(made.map { String(cString: $0) })
    defer {
      for name in ["key", "cert", "other"] { unlink("\(folder)/\(name)") }
      rmdir(folder)
    }
    let request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    _ = try openssl("\(request) -keyout \(folder)/key -out \(folder)/cert")
    _ = try openssl("genpkey -algorithm RSA -out \(folder)/other")
    let certificate = TLSCertificate(certificate: try contents("\(folder)/cert"), key: try contents("\(folder)/key"))

    let server = try TestServer()
    defer { server.stop() }
    let listener = try ListeningSocket.tcp(host: "127.0.0.1", port: 0)
    let other = try ListeningSocket.tcp(host: "127.0.0.1", port: 0)
    let wrong = TLSCertificate(certificate: certificate.certificate, key: try contents("\(folder)/other"))
    try server.onLoop { web in
      #expect(throws: WebServerError.self) { try web.listen(on: other.descriptor, isLocal: false, certificate: wrong) }
      try web.listen(on: listener.descriptor, isLocal: false, certificate: certificate)
    }
    let request11 = "GET /healthz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n"
    for (version, isSpoken) in [("tls1_2", true), ("tls1_3", true), ("tls1_1", false)] {
      let client = "openssl s_client -quiet -\(version) -cipher ALL:@SECLEVEL=0 -connect 127.0.0.1:\(listener.port)"
      let answer = try openssl("version; printf '\(request11)' | timeout 5 \(client)")
      #expect(answer.contains(#"{"data":{"status":"ok"}}"#) == isSpoken, "\(version): \(answer)")
    }
  }
}
