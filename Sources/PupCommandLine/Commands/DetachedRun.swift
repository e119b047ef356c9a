internal import CLinux
internal import Glibc
internal import PupAPI
internal import PupInstance
internal import PupRestClient
internal import PupSystem

/// `pup run --detach`: the same command once more, in a session of its own, so that it outlives the terminal; this process waits
/// until it supervises.
struct DetachedRun {
  private static let patience: Int64 = 60_000_000_000

  let location: Location
  let console: String
  /// What was in the console's file before.
  private let offset: off_t
  private let output: Descriptor
  private let warnings: [String]

  /// - Parameters:
  ///   - isAdHoc: there is no configuration file.
  ///   - warnings: what this command has complained of; the one in the background does so as well, first of all.
  init(_ location: Location, isAdHoc: Bool, warnings: [String]) throws(InstanceError) {
    self.location = location
    self.warnings = warnings
    let folders = try StorageFolders(location.paths, configuration: isAdHoc ? nil : location.directory)
    console = "\(location.paths.data)/\(InstanceConsole.fileName)"
    output = try InstanceConsole.open(in: folders.data, isFresh: InstanceLock.holder(location.paths) == nil)
    offset = max(0, lseek(output.number, 0, SEEK_END))
  }

  /// - Parameters:
  ///   - words: the command line without `--detach`.
  ///   - directory: where it was given.
  func run(_ words: [String], in directory: String) throws(InstanceError) -> Int32 {
    let notices = try NoticeSocket()
    guard chdir(directory) == 0 else { throw InstanceError(.system, "\(directory): \(Self.reason(errno))") }
    let pid = try spawn(words, notices.address)
    let pidfd = Descriptor(pup_pidfd_open(pid))
    switch notices.awaitReady(until: Clock.monotonic + Self.patience, or: pidfd) {
    case .ready: break
    case .ended:
      var status = pup_child_status()
      _ = pup_wait_pid(pid, false, &status)
      let rest = Self.news(in: said, after: warnings)
      Terminal.complain(rest.isEmpty ? "pup: it has ended without a word" : rest)
      return status.code == CLD_EXITED ? status.status : 128 + status.status
    case .late:
      Terminal.complain(
        "pup: Pup (pid \(pid)) is running in the background, but does not supervise after \(Self.patience / 1_000_000_000) s; see \(console)"
      )
      return CommandFailure.stillPending
    }
    tell(pid)
    return 0
  }

  private func spawn(_ words: [String], _ notifySocket: String) throws(InstanceError) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0)
    for descriptor in [1, 2] as [Int32] { posix_spawn_file_actions_adddup2(&actions, output.number, descriptor) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var mask = sigset_t()
    sigemptyset(&mask)
    posix_spawnattr_setsigmask(&attributes, &mask)
    // A terminal that hangs up is not its own.
    let newSession: Int32 = 0x80
    posix_spawnattr_setflags(&attributes, Int16(Int32(POSIX_SPAWN_SETSIGMASK) | newSession))
    var variables = ProcessEnvironment.current
    variables["NOTIFY_SOCKET"] = notifySocket
    var pid: pid_t = 0
    let code = CommandWords.withPointers(words) { argv in
      CommandWords.withPointers(variables.map { "\($0.key)=\($0.value)" }) { environment in
        posix_spawn(&pid, "/proc/self/exe", &actions, &attributes, argv, environment)
      }
    }
    guard code == 0 else { throw InstanceError(.system, "start in the background: \(Self.reason(code))") }
    return pid
  }

  /// What was written to the console meanwhile.
  private var said: String {
    let bytes = RuntimeFiles.content(of: output.number) ?? []
    var text = String(decoding: bytes.dropFirst(Int(offset)), as: UTF8.self)
    while text.last == "\n" { text.removeLast() }
    return text
  }

  /// What was said beyond the warnings that the user has read already.
  static func news(in said: String, after warnings: [String]) -> String {
    let known = warnings.map { $0.hasSuffix("\n") ? $0 : $0 + "\n" }.joined()
    return (said + "\n").hasPrefix(known) ? String(said.dropFirst(known.count)) : said
  }

  private func tell(_ pid: Int32) {
    let option = option
    let processes = started()
    let running = processes.count { $0.status == .running && !Self.isGone($0) }
    Terminal.print(
      """
      Pup (pid \(pid)) is running in the background: \(running) of \(processes.count) process\(processes.count == 1 ? "" : "es") running
        pup status\(option)
        pup logs\(option) --follow
        pup terminate\(option)      ends it
      Its own messages are in \(console)

      """)
    for process in processes where [.errored, .exhausted].contains(process.status) {
      Terminal.complain("pup: \(process.id) failed; see: pup why\(option) \(process.id)")
    }
  }

  /// What names this Pup to other commands, where it is not found without.
  private var option: String {
    let inFolder = LiveInstance.all().filter { $0.description.directory == location.directory }
    let isNamed = location.isDataGiven || location.configurationPath == nil && inFolder.count > 1
    return location.option + (isNamed ? " --data-dir \(ShellWord.quoted(location.paths.data))" : "")
  }

  /// The processes, once what starts by itself has been started, or a moment later.
  private func started() -> [ProcessInformation] {
    let deadline = Clock.monotonic + 10_000_000_000
    guard let client = try? Instance.find(location).client else { return [] }
    while true {
      let processes = (try? AsyncWork.run { () async throws(PupError) in try await client.getProcesses().map(\.status) }) ?? []
      let leaves = processes.filter { $0.type != .cluster }
      if !leaves.contains(where: { $0.status == .starting || Self.isGone($0) }) || Clock.monotonic > deadline { return leaves }
      usleep(20_000)
    }
  }

  /// It counts as running, and its program has ended: one that died with an earlier Pup, for example, of which the supervisor is
  /// about to hear.
  private static func isGone(_ process: ProcessInformation) -> Bool {
    guard process.status == .running else { return false }
    guard let pid = process.pid else { return true }
    if kill(pid, 0) != 0 { return errno == ESRCH }
    return ProcFiles.stat(of: pid).map { $0.state == UInt8(ascii: "Z") || $0.state == UInt8(ascii: "X") } ?? false
  }

  private static func reason(_ code: Int32) -> String { String(cString: pup_error_text(code)) }
}
