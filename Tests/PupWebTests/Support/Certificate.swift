import Glibc
import PupTestSupport
import PupWeb
import Testing

/// A certificate for `localhost`, made by OpenSSL's program.
enum Certificate {
  /// What OpenSSL's program prints.
  static func openssl(_ arguments: String) throws -> String {
    let pipe = try #require(popen("openssl \(arguments) 2>&1", "r"))
    var text = ""
    var line = [CChar](repeating: 0, count: 4096)
    while fgets(&line, Int32(line.count), pipe) != nil {
      text += String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    pclose(pipe)
    return text
  }

  static func contents(_ path: String) throws -> String {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// - Parameter use: called with a folder that holds `key` and `cert`, and is removed afterwards.
  static func make<Result>(_ use: (String) throws -> Result) throws -> Result {
    let folder = try TemporaryFolder()
    let request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    _ = try openssl("\(request) -keyout \(folder.at("key")) -out \(folder.at("cert"))")
    return try withExtendedLifetime(folder) { try use(folder.path) }
  }

  static func localhost() throws -> TLSCertificate {
    try make { try TLSCertificate(certificate: contents("\($0)/cert"), key: contents("\($0)/key")) }
  }
}

extension TestServer {
  /// One more listener; its port.
  func listenWithTLS() throws -> UInt16 {
    let certificate = try Certificate.localhost()
    let listener = try ListeningSocket.tcp(host: "127.0.0.1", port: 0)
    try onLoop { try $0.listen(on: listener.descriptor, isLocal: false, certificate: certificate) }
    return listener.port
  }
}
