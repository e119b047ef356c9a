internal import CLinux
internal import Glibc
internal import PupConfig
internal import PupInstance
internal import PupSystem
internal import PupWeb

/// What it takes to listen on TCP: a certificate where there is to be one, and a socket. Asks resolvers and disks, so it may take
/// its time.
struct NetworkOpening: Sendable {
  struct Result: Sendable {
    var descriptor: Descriptor
    var certificate: TLSCertificate?
  }

  private static let longestFile = 1 << 20

  let configuration: APIConfiguration
  /// The keeper's, from an earlier supervisor.
  let kept: Descriptor?

  /// Nobody has to be asked for the address.
  var isQuick: Bool { kept != nil || ListeningSocket.isAddress(configuration.hostname) }

  func callAsFunction() throws(ListeningProblem) -> Result {
    var certificate: TLSCertificate?
    if let tls = configuration.tls { certificate = try Self.certificate(tls) }
    if let kept { return Result(descriptor: kept, certificate: certificate) }
    return Result(descriptor: Descriptor(try bind()), certificate: certificate)
  }

  private func bind() throws(ListeningProblem) -> Int32 {
    do throws(ListeningFailure) {
      if let port = configuration.port {
        return try ListeningSocket.tcp(host: configuration.hostname, port: port).descriptor
      }
      let first = UInt16(ConfigurationDefaults.firstAPIPort)
      return try ListeningSocket.tcp(host: configuration.hostname, firstPort: first).descriptor
    } catch {
      throw ListeningProblem("\(error)")
    }
  }

  private static func certificate(_ tls: TLSConfiguration) throws(ListeningProblem) -> TLSCertificate {
    let reason: String
    do {
      return try TLSCertificate(certificate: text(tls.certificate), key: text(tls.key))
    } catch let problem as TLSCertificateProblem {
      reason = problem.description(certificate: tls.certificate, key: tls.key)
    } catch {
      reason = "\(error)"
    }
    throw ListeningProblem("\(reason); nothing is served over TCP until certificate and key can be used")
  }

  private static func text(_ path: String) throws(SystemError) -> String {
    // A FIFO that somebody has put there has no text; waiting for one would stop whoever reads.
    let descriptor = try Descriptor(pup_open(path, O_RDONLY | O_NONBLOCK, 0), "open \(path)")
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 16 << 10)
    while bytes.count < longestFile {
      let count = Glibc.read(descriptor.number, &piece, piece.count)
      guard count >= 0 else { throw SystemError("read \(path)", errno: errno) }
      if count == 0 { break }
      bytes.append(contentsOf: piece[..<count])
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
