internal import Glibc
internal import PupAPI
internal import PupInstance
internal import PupRestClient
internal import PupSystem
internal import PupTokens

/// The original Pup, which shares folders, secret and port file with this one, but not the lock: where it runs, everything would
/// be started twice.
enum OriginalPup {
  /// What is at the port of the port file.
  private enum Presence {
    case runs(UInt16)
    /// Somebody listens and says nothing: the original where it hangs or was stopped.
    case isSilent(UInt16, file: String)

    func words(_ paths: StoragePaths) -> String {
      switch self {
      case .runs(let port): "the original Pup is running here (port \(port), data in \(paths.data))"
      case .isSilent(let port, let file):
        "a process listens on port \(port), which \(file) names, and does not answer: the original Pup, it seems, and it hangs or was stopped "
          + "(data in \(paths.data); `ss -ltnp 'sport = :\(port)'` names the process)"
      }
    }

    var wayOut: String {
      switch self {
      case .runs: "its own 'pup terminate'"
      case .isSilent(_, let file): "its own 'pup terminate', or kill it; where it is another program, remove \(file)"
      }
    }
  }

  /// - Precondition: the instance's lock is held, so whoever answers with our secret is none of ours.
  static func refuse(_ paths: StoragePaths) throws(InstanceError) {
    guard let presence = presence(paths) else { return }
    throw InstanceError(
      .unavailable,
      "\(presence.words(paths)); stop it first with \(presence.wayOut); or choose other folders with --data-dir")
  }

  /// For a command that wants a Pup that runs; nil where the original does not run either.
  /// - Precondition: as above, or nobody holds the lock.
  static func refusal(_ paths: StoragePaths) -> String? {
    presence(paths).map {
      "\($0.words(paths)), and obeys its own commands only; before you start this one, stop it with \($0.wayOut)"
    }
  }

  private static func presence(_ paths: StoragePaths) -> Presence? {
    // The file may be old, and the port a stranger's by now, who must not be shown a token.
    guard let port = port(paths), let host = ListeningPort.host(port, of: geteuid()),
      let secret = try? TokenSecret.read(path: paths.secretFile)
    else { return nil }
    return ask(host, port, secret).map { $0 ? .runs(port) : .isSilent(port, file: paths.portFile) }
  }

  private static func port(_ paths: StoragePaths) -> UInt16? {
    guard let folder = try? OwnFolder(paths.temporary), let bytes = try? folder.content(InstanceFiles.port, limit: 16) else {
      return nil
    }
    return UInt16(String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace })
  }

  /// Whether it answers with our secret; false where it does not say anything in time, nil where it is something else.
  private static func ask(_ host: String, _ port: UInt16, _ secret: TokenSecret) -> Bool? {
    var options = PupClientOptions()
    options.timeout = .seconds(2)
    options.retries = 0
    let token = WebToken(consumer: "cli:look", scopes: [.read], expires: Clock.wallMicroseconds / 1_000_000 + 5)
    guard let client = try? PupRestClient("http://\(host):\(port)", token.signed(with: secret), options: options) else {
      return nil
    }
    do throws(CommandFailure) {
      _ = try AsyncWork.run { () async throws(PupError) in try await client.call("GET", "/processes") }
      return true
    } catch {
      return error.code == CommandFailure.code(of: .timedOut) ? false : nil
    }
  }
}
