internal import CLinux
internal import Glibc
internal import PupBasics
internal import PupSystem
internal import PupTestSupport

/// A real keeper whose brain is the test: the test has the sockets, and a process that only waits represents the brain's life.
final class KeeperBench {
  private let brain: Child
  private var control: PacketSocket
  private var logs: PacketSocket
  private(set) var pid: Int32
  private var pidfd: Int32
  /// "" without cgroups.
  let cgroupBase: String
  private var isOver = false
  private var received: [KeeperMessage] = []
  /// Of streams, by the run that they came with.
  private(set) var streams: [EntryKey: [Int32]] = [:]

  /// Nothing of it is left afterwards, whatever the outcome of `body`.
  /// - Parameters:
  ///   - cgroups: each run gets a cgroup; otherwise a pup-init.
  ///   - greets: the test's brain greets, and says that it supervises.
  static func test(cgroups: Bool, greets: Bool = true, _ body: (KeeperBench) throws -> Void) throws {
    Orphans.expect()
    let bench = try KeeperBench(cgroups: cgroups)
    defer { bench.clean() }
    if greets { try bench.greet() }
    try body(bench)
  }

  /// How the process that represents the brain's life ended.
  func brainEnding(seconds: Double = 5) -> Child.Ending? { brain.wait(seconds: seconds) }

  private init(cgroups: Bool) throws {
    let null = pup_open("/dev/null", O_RDWR, 0)
    defer { close(null) }
    brain = try Child(["sleep", "60"], environment: ["PATH": "/usr/bin:/bin"], directory: "/", output: null, error: null)
    let base = "\(Machine.cgroupMount ?? "")\(Machine.ownGroup)/pup-bench-\(getpid())"
    cgroupBase = cgroups ? base : ""
    if cgroups, mkdir(base, 0o755) != 0 { throw Failure("mkdir \(base): errno \(errno)") }
    do {
      (pid, control, logs) = try Self.startKeeper(cgroupBase, brain: brain.pid)
    } catch {
      brain.signal(SIGKILL)
      if cgroups { rmdir(base) }
      throw error
    }
    pidfd = pup_pidfd_open(pid)
  }

  private static func startKeeper(
    _ cgroupBase: String, brain: Int32
  ) throws -> (pid: Int32, control: PacketSocket, logs: PacketSocket) {
    var (control, keeperControl, logs, keeperLogs): (Int32, Int32, Int32, Int32) = (-1, -1, -1, -1)
    guard min(pup_seqpacket_pair(&control, &keeperControl), pup_seqpacket_pair(&logs, &keeperLogs)) >= 0 else {
      throw Failure("no sockets")
    }
    let sockets = (PacketSocket(owning: control), PacketSocket(owning: logs))
    var arguments = KeeperArguments()
    arguments.rows = 16
    var given: [(place: WritableKeyPath<KeeperArguments, Int32>, descriptor: Int32)] = [
      (\.control, keeperControl), (\.logs, keeperLogs),
    ]
    for place in [\.instance, \.state, \.streams, \.sinks, \.lock] as [WritableKeyPath<KeeperArguments, Int32>] {
      let memory = pup_memfd("bench")
      _ = pup_allocate(memory, StreamLedger.size(rows: arguments.rows))
      given.append((place, memory))
    }
    given.append((\.keeperExecutable, pup_open("\(Machine.binaries)/pup-keeper", O_RDONLY, 0)))
    given.append((\.brainExecutable, pup_open("\(Machine.binaries)/testbrain", O_RDONLY, 0)))
    given.append((\.initExecutable, pup_open("\(Machine.binaries)/pup-init", O_RDONLY, 0)))
    defer { for (_, descriptor) in given { close(descriptor) } }
    arguments.runtime = "/run/pup/bench"
    arguments.cgroupBase = cgroupBase
    arguments.openFiles = 1024
    arguments.brainPid = brain
    return (try spawn(arguments, given), sockets.0, sockets.1)
  }

  /// Kills the keeper and replaces it by another one that knows of no run.
  /// - Parameter orphans: processes of its runs, which are reparented to this process.
  func replaceKeeper(orphans: [Int32]) throws {
    _ = pup_pidfd_signal(pidfd, SIGKILL)
    _ = reap()
    Orphans.reap(orphans)
    close(pidfd)
    (pid, control, logs) = try Self.startKeeper(cgroupBase, brain: brain.pid)
    pidfd = pup_pidfd_open(pid)
    try greet()
  }

  private func greet() throws {
    try send(.hello(Hello(build: "bench", standby: false)))
    _ = try receive { if case .inventory(_, true, _) = $0 { true } else { false } }
    try send(.inventoryReceived(chunk: 0))
    try send(.ready)
  }

  deinit {
    for descriptor in streams.values.joined() { close(descriptor) }
    close(pidfd)
  }

  private static func spawn(
    _ arguments: KeeperArguments, _ given: [(place: WritableKeyPath<KeeperArguments, Int32>, descriptor: Int32)]
  ) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in 0...2 as ClosedRange<Int32> {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    var arguments = arguments
    var copies: [Int32] = []
    defer { for copy in copies { close(copy) } }
    for (index, item) in given.enumerated() {
      // Out of the way of the targets; a copy made by dup2 is not close-on-exec.
      copies.append(pup_duplicate(item.descriptor, 200))
      posix_spawn_file_actions_adddup2(&actions, copies[index], Int32(20 + index))
      arguments[keyPath: item.place] = Int32(20 + index)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(0x80))
    var pid: pid_t = 0
    let code = CommandWords.withPointers(arguments.words) {
      posix_spawn(&pid, "\(Machine.binaries)/pup-keeper", &actions, &attributes, $0, environ)
    }
    guard code == 0 else { throw Failure("posix_spawn pup-keeper: \(String(cString: pup_error_text(code)))") }
    return pid
  }

  // MARK: Messages

  func send(_ message: BrainMessage, descriptors: [Int32] = []) throws {
    try send(raw: message.encoded(), descriptors: descriptors)
  }

  func send(raw bytes: [UInt8], descriptors: [Int32] = []) throws {
    guard try control.send(bytes, descriptors: descriptors) else { throw Failure("the keeper does not read") }
  }

  func consume(_ stream: UInt64, upTo offset: UInt64) throws {
    let message = LogMessage(items: [LogMessage.Item(key: stream, upTo: offset)])
    guard try logs.send(message.encoded()) else { throw Failure("the keeper does not read") }
  }

  /// Sends requests until the keeper takes no more, because nobody takes its answers.
  func consumeUntilFull(_ stream: UInt64, upTo offset: UInt64) throws {
    let message = LogMessage(items: [LogMessage.Item(key: stream, upTo: offset)]).encoded()
    let deadline = Deadline(seconds: 10)
    var hasRoom = true
    while hasRoom {
      guard !deadline.hasPassed else { throw Failure("the keeper takes any number of requests") }
      guard try !logs.send(message) else { continue }
      var ready = pollfd(fd: logs.descriptor, events: Int16(POLLOUT), revents: 0)
      hasRoom = poll(&ready, 1, 200) == 1
    }
  }

  /// Takes answers up to the one for this offset; returns how many there were.
  func answers(upTo offset: UInt64) throws -> Int {
    let deadline = Deadline(seconds: 10)
    var count = 0
    while !deadline.hasPassed {
      var ready = pollfd(fd: logs.descriptor, events: Int16(POLLIN), revents: 0)
      poll(&ready, 1, min(deadline.milliseconds, 1000))
      try send(.beat)
      guard case .packet(let packet) = try logs.receive() else { continue }
      count += 1
      if try LogMessage.decoded(packet.bytes[...])?.items.contains(where: { $0.upTo == offset }) == true { return count }
    }
    throw Failure("no answer for \(offset) after \(count) others")
  }

  /// The first message of this kind, including one that came earlier.
  func receive(seconds: Double = 5, where matches: (KeeperMessage) -> Bool) throws -> KeeperMessage {
    let deadline = Deadline(seconds: seconds)
    while true {
      if let index = received.firstIndex(where: matches) { return received.remove(at: index) }
      try send(.beat)
      var ready = pollfd(fd: control.descriptor, events: Int16(POLLIN), revents: 0)
      poll(&ready, 1, min(deadline.milliseconds, 1000))
      guard !deadline.hasPassed else { throw Failure("no such message; there are: \(received)") }
      guard case .packet(let packet) = try control.receive() else { continue }
      guard let message = try KeeperMessage.decoded(packet.bytes[...]) else { throw Failure("a message without meaning") }
      if case .spawned(let key, _, _, _, _) = message {
        streams[key, default: []] += packet.descriptors.map { $0.take() }
      }
      received.append(message)
    }
  }

  /// Starts a program; returns its pid and that of its pup-init (or 0).
  /// - Parameter plugin: its run has a pup-init in any case.
  func start(
    _ words: [String], _ key: EntryKey, cgroup: String, plugin: Bool = false
  ) throws -> (pid: Int32, initPid: Int32) {
    try requestStart(words, key, cgroup: cgroup, plugin: plugin)
    let answer = try outcome(of: key)
    guard case .spawned(_, let pid, _, _, let initPid) = answer else { throw Failure("\(answer)") }
    return (pid, initPid)
  }

  /// - Parameters:
  ///   - descriptors: what the program gets besides its standard streams.
  ///   - numbers: their numbers there.
  func requestStart(
    _ words: [String], _ key: EntryKey, cgroup: String, plugin: Bool = false, directory: String = "/",
    descriptors: [Int32] = [], numbers: [UInt32] = []
  ) throws {
    let memory = pup_memfd("specification")
    defer { close(memory) }
    let bytes = Self.specification(
      words, key, cgroup: cgroup, flags: plugin ? 1 : 0, directory: directory, numbers: numbers)
    guard write(memory, bytes, bytes.count) == bytes.count else { throw Failure("write: errno \(errno)") }
    try send(.spawn(key), descriptors: [memory] + descriptors)
  }

  /// Returns when the program has written something.
  func awaitOutput(of key: EntryKey) throws {
    guard let output = streams[key]?.first else { throw Failure("no stream") }
    var ready = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
    guard poll(&ready, 1, 20_000) == 1 else { throw Failure("no output") }
  }

  /// The outcome of a start.
  func outcome(of key: EntryKey) throws -> KeeperMessage {
    try receive {
      switch $0 {
      case .spawned(key, _, _, _, _), .spawnFailed(key, _): true
      default: false
      }
    }
  }

  func exit(of key: EntryKey) throws -> ExitRecord {
    guard case .exited(_, let record) = try receive(where: { if case .exited(key, _) = $0 { true } else { false } }) else {
      throw Failure("no exit")
    }
    _ = try receive { $0 == .treeEmpty(key) }
    try send(.forget(key))
    return record
  }

  /// As `pup_spawn_header` and its sections.
  private static func specification(
    _ words: [String], _ key: EntryKey, cgroup: String, flags: UInt32, directory: String, numbers: [UInt32]
  ) -> [UInt8] {
    func texts(_ texts: [String]) -> [UInt8] { texts.flatMap { Array($0.utf8) + [0] } }
    var run = ByteWriter()
    for value in [flags, key.slot, key.generation, 0, 1, 0] as [UInt32] { run.put(value) }
    for value in [0, 1_000_000_000] as [UInt64] { run.put(value) }
    var places = ByteWriter()
    for number in numbers { places.put(number) }
    let sections: [(type: UInt16, bytes: [UInt8])] = [
      (1, run.bytes), (2, texts([cgroup])), (3, texts([words[0]])), (4, texts([directory])), (5, texts(words)), (8, places.bytes),
    ]
    let start = 16 + 12 * sections.count
    var (header, table) = (ByteWriter(), ByteWriter())
    var contents: [UInt8] = []
    for section in sections {
      table.put(section.type)
      table.put(0 as UInt16)
      table.put(UInt32(start + contents.count))
      table.put(UInt32(section.bytes.count))
      contents += section.bytes
    }
    header.put(0x3250_5350 as UInt32)
    for value in [1, 1] as [UInt16] { header.put(value) }
    header.put(UInt32(start + contents.count))
    for value in [16, UInt16(sections.count)] { header.put(value) }
    return header.bytes + table.bytes + contents
  }

  // MARK: The end

  /// An orderly end: the brain reports that everything has stopped, and ends.
  func end() throws {
    try send(.exit(code: 0))
    brain.signal(SIGKILL)
    _ = brain.wait(seconds: 5)
    let status = reap()
    isOver = true
    if !cgroupBase.isEmpty, access(cgroupBase, F_OK) == 0 { throw Failure("left: \(cgroupBase)") }
    guard let status, status.code == CLD_EXITED, status.status == 0 else { throw Failure("the keeper ended badly") }
  }

  private func clean() {
    guard !isOver else { return }
    brain.signal(SIGKILL)
    _ = brain.wait(seconds: 5)
    let below = ProcFiles.descendants(of: pid)
    _ = pup_pidfd_signal(pidfd, SIGKILL)
    for process in below { Processes.kill(process) }
    Orphans.reap(below)
    _ = reap()
    guard !cgroupBase.isEmpty else { return }
    let deadline = Deadline(seconds: 2)
    repeat {
      for name in Files.names(in: cgroupBase) { rmdir("\(cgroupBase)/\(name)") }
    } while rmdir(cgroupBase) != 0 && errno != ENOENT && !deadline.hasPassed
  }

  private func reap() -> pup_child_status? {
    var ready = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
    if poll(&ready, 1, 20_000) != 1 {
      _ = pup_pidfd_signal(pidfd, SIGKILL)
      poll(&ready, 1, 20_000)
    }
    var status = pup_child_status()
    return pup_wait_pidfd(pidfd, false, &status) > 0 ? status : nil
  }
}
