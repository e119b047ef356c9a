internal import CLinux
internal import Glibc
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupSystem
internal import PupWeb

extension ControlSurface {
  private static let longestRetry: Int64 = 60_000_000_000

  /// Takes the sockets that the keeper has kept for this instance, and makes those that are missing. A port that is taken is tried again
  /// later: programs do not wait for it.
  /// - Parameters:
  ///   - kept: the keeper's descriptors by name; what is used of them stays the keeper's copy.
  ///   - keep: hands a new socket to the keeper.
  func openSockets(kept: [String: Int32], on loop: EventLoop, keep: @escaping @Sendable (ListeningPlace) -> Void) {
    guard authorizer != nil else { return }
    openLocal(kept, keep)
    openNetwork(kept, on: loop, keep)
  }

  // MARK: The unix socket

  private func openLocal(_ kept: [String: Int32], _ keep: (ListeningPlace) -> Void) {
    let beside = paths.socketFile
    let fits = beside.utf8.count <= RuntimeFiles.longestSocketPath
    let path = fits ? beside : remoteSocketPath
    do throws(SystemError) {
      // A file that somebody removed is made anew: nobody can reach the socket behind it.
      if let descriptor = kept[ListeningPlace.local], access(path, F_OK) == 0 {
        sockets.append(ListeningPlace(address: path, descriptor: descriptor, isLocal: true))
      } else {
        let place = ListeningPlace(address: path, descriptor: try ListeningSocket.unix(path: path), isLocal: true)
        sockets.append(place)
        keep(place)
      }
      socketPath = path
      if !fits { Glibc.close(try RuntimeFiles.replace(paths.socketPointerFile, with: Array("\(path)\n".utf8))) }
    } catch {
      log(.error, "api", "\(error); 'pup status' and the other commands cannot reach this instance")
    }
  }

  /// Where it is short: in the runtime folder, or in one that is there for the socket alone.
  private var remoteSocketPath: String {
    let path = "\(instance.runtimeDirectory)/\(InstanceFiles.socket)"
    guard path.utf8.count > RuntimeFiles.longestSocketPath, let folder = RuntimeFiles.makeSocketFolder(paths) else { return path }
    return "\(folder)/\(InstanceFiles.socket)"
  }

  // MARK: TCP

  private func openNetwork(
    _ kept: [String: Int32], on loop: EventLoop, _ keep: @escaping @Sendable (ListeningPlace) -> Void
  ) {
    var certificate: TLSCertificate?
    if let tls = configuration.tls {
      do throws(SystemError) {
        certificate = try Self.read(tls)
      } catch {
        return tryAgain(because: "\(error); nothing is served over TCP until it can be read", kept, on: loop, keep)
      }
    }
    if let descriptor = kept[ListeningPlace.network] {
      opened(descriptor, certificate)
      return
    }
    guard !ListeningSocket.isAddress(configuration.hostname) else {
      return bound(Self.bind(configuration), certificate, kept, on: loop, keep)
    }
    // A name may have to be asked for, and whoever knows it may be slow to answer.
    queries.loop.post { [configuration, certificate, weak self] in
      let made = Self.bind(configuration)
      loop.post { [weak self] in self?.bound(made, certificate, kept, on: loop, keep) }
    }
  }

  private static func bind(_ configuration: APIConfiguration) -> Result<Int32, SystemError> {
    do throws(SystemError) {
      if let port = configuration.port {
        return .success(try ListeningSocket.tcp(host: configuration.hostname, port: port).descriptor)
      }
      let first = UInt16(ConfigurationDefaults.firstAPIPort)
      return .success(try ListeningSocket.tcp(host: configuration.hostname, firstPort: first).descriptor)
    } catch {
      return .failure(error)
    }
  }

  private func bound(
    _ made: Result<Int32, SystemError>, _ certificate: TLSCertificate?, _ kept: [String: Int32], on loop: EventLoop,
    _ keep: @escaping @Sendable (ListeningPlace) -> Void
  ) {
    switch made {
    case .success(let descriptor):
      keep(opened(descriptor, certificate))
      retryDelay = 1_000_000_000
    case .failure(let error):
      tryAgain(
        because: "\(error). Another program may have the port: choose one with api.port, or leave it out for the first free one",
        kept, on: loop, keep)
    }
  }

  /// Programs do not wait for it.
  private func tryAgain(
    because reason: String, _ kept: [String: Int32], on loop: EventLoop, _ keep: @escaping @Sendable (ListeningPlace) -> Void
  ) {
    log(.error, "api", "\(reason); trying again in \(retryDelay / 1_000_000_000) s")
    retry = loop.schedule(at: Clock.boot + retryDelay) { [weak self] in
      guard let self else { return }
      retry = nil
      openNetwork(kept, on: loop, keep)
    }
    retryDelay = min(retryDelay * 2, Self.longestRetry)
  }

  @discardableResult
  private func opened(_ descriptor: Int32, _ certificate: TLSCertificate?) -> ListeningPlace {
    port = ListeningSocket.port(of: descriptor) ?? 0
    let place = ListeningPlace(
      address: "\(configuration.hostname):\(port)", descriptor: descriptor, isLocal: false, certificate: certificate)
    sockets.append(place)
    do throws(SystemError) {
      Glibc.close(try RuntimeFiles.replace(paths.portFile, with: Array("\(port)\n".utf8)))
    } catch {
      log(.error, "api", "\(error); clients will not find the port \(port)")
    }
    if configuration.tls == nil, !Self.isLoopback(configuration.hostname) {
      log(
        .warn, "api",
        "\(configuration.hostname):\(port) can be reached from other machines, and tokens travel unencrypted; set api.tls, or listen on "
          + "127.0.0.1 behind a proxy")
    }
    // After the start, for a port that was taken before.
    listen(place)
    return place
  }

  private static func read(_ tls: TLSConfiguration) throws(SystemError) -> TLSCertificate {
    func text(_ path: String) throws(SystemError) -> String {
      guard let text = RuntimeFiles.text(of: path), !text.isEmpty else { throw SystemError("read \(path)", errno: ENOENT) }
      return text
    }
    return TLSCertificate(certificate: try text(tls.certificate), key: try text(tls.key))
  }

  static func isLoopback(_ host: String) -> Bool {
    host.lowercased() == "localhost" || host == "::1" || host.hasPrefix("127.")
  }
}
