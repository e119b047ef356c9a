internal import CLinux
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
  let keeper: Int32
  let client: PupRestClient
  private let secret: TokenSecret

  /// Seconds for which a token of a command is good.
  private static let tokenLife: Int64 = 60

  /// The one that the command line is about. Where nothing runs, that is said, with exit code 69.
  static func find(_ arguments: ParsedArguments) throws(CommandFailure) -> Instance {
    try find(try CommandFailure.instance { () throws(InstanceError) in try Location(arguments) })
  }

  /// - Parameter patience: milliseconds to wait for the socket of a Pup that has just been started.
  static func find(
    _ location: Location, options: PupClientOptions = PupClientOptions(), patience: Int64 = 3000
  ) throws(CommandFailure) -> Instance {
    let paths = location.paths
    guard let keeper = runningPid(location) else { throw nothingRuns(location) }
    guard access(paths.secretFile, R_OK) == 0 || errno == ENOENT else { throw notOurs(location) }
    let secret: TokenSecret
    do throws(TokenSecretError) {
      secret = try TokenSecret.load(path: paths.secretFile)
    } catch {
      throw CommandFailure(77, "\(error)")
    }
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
    return CommandFailure(69, orphaned(location) ?? "nothing runs here (\(place(location))); \(wayOut(location))")
  }

  /// Pup was killed, and its programs live on; nil where they do not.
  private static func orphaned(_ location: Location) -> String? {
    guard let names = try? Sweep(location.paths).survivors(), !names.isEmpty else { return nil }
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

  /// The actor of what the command does, in the history: "cli:<user>".
  private static func token(_ secret: TokenSecret) -> String {
    let user = getpwuid(geteuid()).flatMap { $0.pointee.pw_name.map { String(cString: $0) } } ?? String(geteuid())
    return WebToken(
      consumer: "cli:\(user)", scopes: [.admin], expires: Clock.wallMicroseconds / 1_000_000 + tokenLife
    ).signed(with: secret)
  }

  /// The path of the socket, awaited for a moment: a Pup that was started just now makes it soon.
  private static func socket(
    _ paths: StoragePaths, _ keeper: Int32, _ patience: Int64
  ) throws(CommandFailure) -> String {
    let beside = "\(paths.temporary)/\(InstanceFiles.socket)"
    let deadline = Clock.monotonic + patience * 1_000_000
    while true {
      let named = RuntimeFiles.text(of: paths.socketPointerFile)?.split(separator: "\n").first.map(String.init)
      for path in [named, beside].compactMap({ $0 }) where access(path, F_OK) == 0 { return path }
      guard Clock.monotonic < deadline, InstanceLock.runningPid(paths) != nil else {
        throw CommandFailure(
          69, "Pup runs here (pid \(keeper)), but has no socket at \(beside); its log says why: pup logs --id core")
      }
      usleep(20_000)
    }
  }
}
