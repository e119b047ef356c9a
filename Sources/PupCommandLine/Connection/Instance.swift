internal import Glibc
internal import PupAPI
internal import PupInstance
internal import PupRestClient
internal import PupSystem
internal import PupTokens

/// A Pup that runs, reached through its own socket.
struct Instance {
  let paths: StoragePaths
  /// The main process.
  var keeper: Int32
  let client: PupRestClient
  private let secret: TokenSecret

  /// Seconds for which a token of a command is good.
  private static let tokenLife: Int64 = 60

  /// The one that the command line is about. Where nothing runs, that is said, with exit code 69.
  static func find(_ arguments: ParsedArguments, needsSupervisor: Bool = true) throws(CommandFailure) -> Instance {
    let location = try CommandFailure.instance { () throws(InstanceError) in try Location.ofInstance(arguments) }
    return try find(location, needsSupervisor: needsSupervisor)
  }

  /// - Parameters:
  ///   - patience: milliseconds to wait for the socket of a Pup that has just been started.
  ///   - needsSupervisor: false for what works where none is in charge.
  static func find(
    _ location: Location, options: PupClientOptions = PupClientOptions(), patience: Int64 = 3000, needsSupervisor: Bool = true
  ) throws(CommandFailure) -> Instance {
    let paths = location.paths
    guard let keeper = runningPid(location) else { throw nothingRuns(location) }
    HeldKeeper.tell(keeper)
    guard access(paths.secretFile, R_OK) == 0 || errno == ENOENT else { throw notOurs(location) }
    if needsSupervisor, let refusal = RuntimeFiles.refusal(paths) { throw CommandFailure(69, refusal.visibleLine) }
    let secret = try secret(paths, keeper, patience)
    let socket = try socket(paths, keeper, patience)
    do throws(PupError) {
      let client = try PupRestClient("unix://\(socket)", token(secret), options: options)
      return Instance(paths: paths, keeper: keeper, client: client, secret: secret)
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Prolongs what outlives a token; call it at least once in `tokenLife`.
  func refreshToken() { client.refreshApiToken(Self.token(secret)) }

  /// Nil where nothing runs.
  static func runningPid(_ location: Location) -> Int32? { InstanceLock.runningPid(location.paths) }

  static func nothingRuns(_ location: Location) -> CommandFailure {
    if isForeign(location) { return notOurs(location) }
    return CommandFailure(
      69,
      orphaned(location) ?? OriginalPup.refusal(location.paths) ?? "nothing runs here (\(place(location))); \(wayOut(location))")
  }

  /// Why one that was there does not answer any more, for commands that follow it: it has ended, which is no failure; or it was
  /// killed, and its programs live on.
  static func farewell(_ location: Location) -> CommandFailure {
    orphaned(location).map { CommandFailure(69, $0) } ?? CommandFailure(0, "Pup has ended")
  }

  /// Pup was killed, and its programs live on; nil where they do not.
  private static func orphaned(_ location: Location) -> String? {
    let names: [String]
    do throws(InstanceError) {
      names = try Sweep(location.paths).survivors()
    } catch {
      // Something may live there.
      return error.kind == .otherVersion ? error.message : nil
    }
    guard !names.isEmpty else { return nil }
    let shown = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
    let programs = names.count == 1 ? "1 program still runs" : "the programs of \(names.count) processes still run"
    let start = location.configurationPath == nil ? "the same pup run as before" : "pup run\(location.option)"
    let them = names.count == 1 ? "it" : "them"
    return "Pup is gone, but \(programs) (\(shown)): \(start) takes \(them) over, pup sweep\(location.option) stops \(them)"
  }

  private static func place(_ location: Location) -> String {
    let what = location.configurationPath.map { " with \($0)" } ?? ""
    return "\(location.directory)\(what), data in \(location.paths.data)"
  }

  /// `pup run` is no advice where there is nothing that it could run.
  private static func wayOut(_ location: Location) -> String {
    guard let path = location.configurationPath else {
      return "there is no pup.json or pup.jsonc either: name one with --config FILE, or run a command: pup run -A -- COMMAND"
    }
    guard let problem = location.configurationProblem else { return "start it with: pup run\(location.option)" }
    return "\(path): \(problem); name the file with --config FILE, then: pup run --config FILE"
  }

  /// Before the files of one that does not run are used.
  static func checkOwner(_ location: Location) throws(CommandFailure) {
    if isForeign(location) { throw notOurs(location) }
  }

  private static func isForeign(_ location: Location) -> Bool {
    access(location.paths.lockFile, F_OK) != 0 && errno == EACCES
  }

  private static func notOurs(_ location: Location) -> CommandFailure {
    CommandFailure(
      77, "\(location.paths.data): this Pup belongs to another user; run the command as that user, or as root")
  }

  // MARK: -

  /// The actor of what a command does, in the history: "cli:<user>".
  static var actor: String {
    let id = OwnerRights.invoker
    return "cli:\(UserAccount(id)?.name ?? String(id))"
  }

  private static func token(_ secret: TokenSecret) -> String {
    WebToken(consumer: actor, scopes: [.admin], expires: Clock.wallMicroseconds / 1_000_000 + tokenLife).signed(with: secret)
  }

  /// Of the Pup that runs: nobody else makes the file anew, and it does so within a second or two.
  private static func secret(_ paths: StoragePaths, _ keeper: Int32, _ patience: Int64) throws(CommandFailure) -> TokenSecret {
    let deadline = Clock.monotonic + patience * 1_000_000
    while true {
      do throws(TokenSecretError) {
        if let secret = try TokenSecret.read(path: paths.secretFile) { return secret }
      } catch {
        throw CommandFailure(77, "\(error)")
      }
      guard Clock.monotonic < deadline, InstanceLock.runningPid(paths) != nil else {
        throw CommandFailure(
          69, "\(paths.secretFile) is missing; the Pup that runs here (pid \(keeper)) makes it anew: try again in a moment")
      }
      usleep(20_000)
    }
  }

  /// The path of the socket, awaited for a moment: a Pup that was started just now makes it soon.
  private static func socket(
    _ paths: StoragePaths, _ keeper: Int32, _ patience: Int64
  ) throws(CommandFailure) -> String {
    let beside = "\(paths.temporary)/\(InstanceFiles.socket)"
    let deadline = Clock.monotonic + patience * 1_000_000
    while true {
      let named = RuntimeFiles.namedSocket(paths)
      for path in [named, beside].compactMap({ $0 }) where access(path, F_OK) == 0 { return path }
      guard Clock.monotonic < deadline, InstanceLock.runningPid(paths) != nil else {
        throw CommandFailure(
          69, "Pup runs here (pid \(keeper)), but has no socket at \(beside); its log says why: pup logs --id core")
      }
      usleep(20_000)
    }
  }
}
