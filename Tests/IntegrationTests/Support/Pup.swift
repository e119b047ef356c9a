internal import CLinux
internal import Glibc
internal import PupLogs
internal import PupTestSupport
internal import Testing

/// One Pup with its configuration in a temporary folder, run by the real binaries, with a brain that has an ear for tests.
final class Pup {
  /// By its real name: that is how Pup knows folders, and /tmp may be a symbolic link.
  let folder: String
  let mark: String
  var environment: [String: String]
  var processes: [Child] = []
  let channel: Channel
  var configurationName = "pup.json"
  /// The command itself.
  var program = "\(Machine.binaries)/pup"
  /// The supervisor that said last that it has started.
  var brain: Int32 = 0
  /// The process that was started last is dead, and its programs are not.
  private(set) var outlivesKeeper = false
  private var isFinished = false
  private let ownFolder: TemporaryFolder

  /// The one started last.
  var process: Child? { processes.last }

  /// - Parameter configuration: pup.json's text, or "" for none.
  init(_ configuration: String = "") throws {
    Orphans.expect()
    ownFolder = try TemporaryFolder(in: TemporaryFolder.usualParent)
    folder = ownFolder.path
    mark = "PUP_TEST_ID=\(folder)"
    channel = try Channel(commands: "\(folder)/commands", answers: "\(folder)/answers")
    environment = [
      "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": folder, "LANG": "C.UTF-8",
      "PUP_TEST_ID": folder, "PUP_LIBEXEC": "\(folder)/libexec", "PUP_TEST_COMMANDS": channel.commands,
      "PUP_TEST_ANSWERS": channel.answers, "PUP_TEST_ABORT": "\(folder)/abort",
    ]
    for name in ["PUP_CGROUPS", "XDG_RUNTIME_DIR"] { environment[name] = getenv(name).map { String(cString: $0) } }
    try makePrograms()
    if !configuration.isEmpty { try configure(configuration) }
  }

  private func makePrograms() throws {
    try Files.makeFolder("\(folder)/libexec")
    for (name, program) in [("pup-keeper", "pup-keeper"), ("pup-init", "pup-init"), ("pup-supervisor", "testbrain")] {
      try Files.link("\(folder)/libexec/\(name)", to: "\(Machine.binaries)/\(program)")
    }
  }

  /// Runs `body` and, whatever comes of it, stops what was started and looks for leaks.
  static func test(_ configuration: String = "", _ body: (Pup) throws -> Void) throws {
    let pup = try Pup(configuration)
    do {
      try body(pup)
    } catch {
      // Told here, where there is still something to look at.
      Issue.record("\(error)\n\(pup.lastLines())")
    }
    pup.finish()
  }

  /// The same for a body that awaits something.
  static func test(_ configuration: String = "", _ body: (Pup) async throws -> Void) async throws {
    let pup = try Pup(configuration)
    do {
      try await body(pup)
    } catch {
      Issue.record("\(error)\n\(pup.lastLines())")
    }
    pup.finish()
  }

  func configure(_ text: String, name: String = "pup.json") throws { try Files.write(text, to: path(name)) }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// `--data-dir`
  var dataOverride: String?
  var data: String { dataOverride ?? "\(folder)/.pup/\(configurationName)-data" }
  var temporary: String { "\(folder)/.pup/\(configurationName)-tmp" }
  var console: String { Files.text(path("console")) ?? "" }
  var complaints: String { Files.text(path("complaints")) ?? "" }

  // MARK: Running

  /// `pup run`, up to its first lines.
  @discardableResult
  func run(_ arguments: String..., prefix: [String] = []) throws -> Child {
    let child = try launch(["run"] + arguments, prefix: prefix)
    try awaitBrain()
    try awaitSupervision()
    return child
  }

  /// `pup …` in the background; its output goes to the files `console` and `complaints`.
  @discardableResult
  func launch(_ arguments: [String], prefix: [String] = [], terminal: String? = nil) throws -> Child {
    let flags = O_WRONLY | O_CREAT | O_APPEND
    let (output, error) = (pup_open(path("console"), flags, 0o644), pup_open(path("complaints"), flags, 0o644))
    defer {
      close(output)
      close(error)
    }
    let words = prefix + [program] + arguments
    let child = try Child(
      words, environment: environment, directory: folder, output: output, error: error, terminal: terminal)
    processes.append(child)
    return child
  }

  struct Result {
    var code: Int32
    var output: String
    var error: String
  }

  /// `pup …` to its end.
  func command(_ arguments: [String], prefix: [String] = [], seconds: Double = 10, directory: String? = nil) throws -> Result {
    let flags = O_RDWR | O_CREAT | O_TRUNC
    let (output, error) = (pup_open(path("command-output"), flags, 0o644), pup_open(path("command-error"), flags, 0o644))
    defer {
      close(output)
      close(error)
    }
    let words = prefix + [program] + arguments
    let child = try Child(words, environment: environment, directory: directory ?? folder, output: output, error: error)
    processes.insert(child, at: 0)
    guard let ending = child.wait(seconds: seconds) else {
      // Stopped like any other at the end of the test.
      throw Failure("pup \(arguments.joined(separator: " ")) has not ended within \(seconds) s")
    }
    let (text, complaint) = (Files.text(path("command-output")) ?? "", Files.text(path("command-error")) ?? "")
    guard case .exited(let code) = ending else {
      throw Failure("pup \(arguments.joined(separator: " ")): \(ending)\n\(complaint)")
    }
    return Result(code: code, output: text, error: complaint)
  }

  /// The exit code of some other program.
  func program(_ words: [String], seconds: Double = 10) throws -> Int32 {
    let null = pup_open("/dev/null", O_RDWR, 0)
    defer { close(null) }
    let child = try Child(words, environment: environment, directory: folder, output: null, error: null)
    guard case .exited(let code)? = child.wait(seconds: seconds) else {
      child.signal(SIGKILL)
      throw Failure("\(words.joined(separator: " ")): \(String(describing: child.ending))")
    }
    return code
  }

  /// SIGTERM, and the exit code 0.
  func stop(seconds: Double = 10, sourceLocation: SourceLocation = #_sourceLocation) throws {
    guard let process, process.ending == nil else { throw Failure("Pup does not run: \(String(describing: process?.ending))") }
    process.signal(SIGTERM)
    guard let ending = process.wait(seconds: seconds) else { throw Failure("Pup has not ended within \(seconds) s of SIGTERM") }
    #expect(ending == .exited(0), sourceLocation: sourceLocation)
  }

  /// `kill -9`; a surviving brain starts another keeper.
  func killKeeper() throws {
    let keeper = try keeperPid()
    outlivesKeeper = true
    // What the test started itself is waited for by the test.
    let own = Set(processes.map(\.pid))
    let survivors = Processes.marked(mark, below: folder).filter { !own.contains($0) }
    Processes.kill(keeper)
    guard Processes.waitForEnd(keeper, seconds: 5) else { throw Failure("the keeper does not die") }
    _ = process?.wait(seconds: 1)
    Orphans.reap(survivors)
  }

  /// `kill -9` of both: nobody is left to look after the programs.
  func killKeeperAndBrain() throws {
    // Stopped first, so that it cannot start a new keeper.
    try Processes.stop(brain)
    try killKeeper()
    Processes.kill(brain)
    guard Processes.waitForEnd(brain, seconds: 5) else { throw Failure("the brain does not die") }
    outlivesKeeper = false
  }

  /// `kill -9` of the keeper where a brain goes with it (`PUP_RESTARTED_BY`), also one that hangs.
  func killKeeperOfABrainThatFollows() throws {
    try killKeeper()
    guard Processes.waitForEnd(brain, seconds: 5) else { throw Failure("the brain does not follow its keeper") }
    outlivesKeeper = false
  }

  /// After `killKeeperAndBrain`.
  func kill(survivor pid: Int32) throws {
    Processes.kill(pid)
    let deadline = Deadline(seconds: 5)
    // The end can be awaited; that it is reaped as well cannot.
    while Files.exists("/proc/\(pid)") {
      guard !deadline.hasPassed else { throw Failure("\(pid) is not gone") }
      sched_yield()
    }
  }

  /// Stops by SIGTERM to a keeper that is nobody's child here.
  func stopKeeper(seconds: Double = 10) throws {
    let keeper = try keeperPid()
    Processes.kill(keeper, SIGTERM)
    guard Processes.waitForEnd(keeper, seconds: seconds) else { throw Failure("the keeper has not ended within \(seconds) s") }
  }

  // MARK: The end

  private func finish() {
    guard !isFinished else { return }
    isFinished = true
    for child in processes where child.ending == nil {
      child.signal(SIGTERM)
      if child.wait(seconds: 10) == nil {
        Issue.record("Pup (pid \(child.pid)) has not ended within 10 s of SIGTERM\n\(lastLines())")
        child.signal(SIGKILL)
        _ = child.wait(seconds: 5)
      }
    }
    if outlivesKeeper, let keeper = try? keeperPid(), Processes.isAlive(keeper) { try? stopKeeper() }
    Leaks(of: self).checkAndClean()
    Files.remove(folder)
  }
}
