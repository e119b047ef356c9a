internal import CLinux
internal import Glibc
internal import PupInstance
internal import PupSystem
internal import PupTestSupport
internal import Testing

/// A real supervisor whose keeper is the test: the test has the other ends of its sockets.
final class BrainBench {
  private let home: TemporaryFolder
  private var folder: String { home.path }
  private let control: PacketSocket
  /// Only held: nothing is logged.
  private let logs: PacketSocket
  private let pidfd: Int32
  private var received: [BrainMessage] = []
  private var isOver = false
  /// As in `WelcomeDescriptor`.
  private var held: [Int32] = []

  private static let rows = 16
  private static let configuration = "{ processes: [ { id: 'one', cmd: 'true' } ] }"

  /// Nothing of it is left afterwards, whatever the outcome of `body`.
  /// - Parameter run: one that the state file knows, of another keeper's: the supervisor asks for it to be adopted.
  static func test(run: EntryKey? = nil, _ body: (BrainBench) throws -> Void) throws {
    let bench = try BrainBench(run)
    defer { bench.clean() }
    _ = try bench.receive { if case .hello = $0 { true } else { false } }
    try body(bench)
  }

  private init(_ run: EntryKey?) throws {
    home = try TemporaryFolder()
    for name in ["data", "temporary", "runtime"] { try home.makeDirectory(name, mode: 0o700) }
    var (control, itsControl, logs, itsLogs): (Int32, Int32, Int32, Int32) = (-1, -1, -1, -1)
    guard min(pup_seqpacket_pair(&control, &itsControl), pup_seqpacket_pair(&logs, &itsLogs)) >= 0 else {
      throw Failure("no sockets")
    }
    self.control = PacketSocket(owning: control)
    self.logs = PacketSocket(owning: logs)
    defer { for descriptor in [itsControl, itsLogs] { close(descriptor) } }
    let pid = try Launch.start(
      "\(Machine.binaries)/testbrain", ["pup-supervisor", "--control", "3", "--logs", "4"],
      [(number: 3, descriptor: itsControl), (number: 4, descriptor: itsLogs)], error: home.at("complaints"))
    pidfd = pup_pidfd_open(pid)
    try makeFiles(run)
  }

  private func makeFiles(_ run: EntryKey?) throws {
    let description = InstanceDescription(
      configurationPath: "pup.json", directory: folder, isAdHoc: true, configuration: Array(Self.configuration.utf8),
      dataDirectory: "\(folder)/data", temporaryDirectory: "\(folder)/temporary", runtimeDirectory: "\(folder)/runtime"
    ).encoded()
    let (instance, state, streams) = (pup_memfd("instance"), pup_memfd("state"), pup_memfd("streams"))
    guard write(instance, description, description.count) == description.count else { throw Failure("write", code: errno) }
    _ = pup_allocate(state, StateFile.size(processes: 4))
    _ = pup_allocate(streams, StreamLedger.size(rows: Self.rows))
    held = [instance, state, streams, pup_memfd("sinks"), pup_memfd("lock")]
    for name in ["pup-keeper", "testbrain", "pup-init"] { held.append(pup_open("\(Machine.binaries)/\(name)", O_RDONLY, 0)) }
    guard let run else { return }
    let file = try StateFile(descriptor: state)
    var header = StateHeader()
    (header.begun, header.bootID) = (true, RuntimeFiles.bootID)
    try file.write(header)
    let record = RunRecord(
      generation: run.generation, rowOut: RunRecord.noRow, rowErr: RunRecord.noRow, graceNanoseconds: 0, timeoutNanoseconds: 0)
    try file.write(StateSlot(process: "one", record: [], runs: [record]), slot: Int(run.slot))
  }

  // MARK: Messages

  func welcome(_ change: (inout KeeperMessage.Welcome) -> Void = { _ in }) throws {
    var welcome = KeeperMessage.Welcome()
    welcome.ledgerRows = UInt32(Self.rows)
    welcome.keeperPid = getpid()
    change(&welcome)
    try send(raw: KeeperMessage.welcome(welcome).encoded(), descriptors: held)
  }

  func send(_ message: KeeperMessage) throws { try send(raw: message.encoded()) }

  func send(raw bytes: [UInt8], descriptors: [Int32] = []) throws {
    guard try control.send(bytes, descriptors: descriptors) else { throw Failure("the supervisor does not read") }
  }

  /// The first message of this kind, including one that came earlier.
  func receive(seconds: Double = 10, where matches: (BrainMessage) -> Bool) throws -> BrainMessage {
    let deadline = Deadline(seconds: seconds)
    while true {
      if let index = received.firstIndex(where: matches) { return received.remove(at: index) }
      var ready = pollfd(fd: control.descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&ready, 1, deadline.milliseconds) == 1 else { throw Failure("no such message; there are: \(received)") }
      switch try control.receive() {
      case .nothing: continue
      case .end: throw Failure("the supervisor has ended; there are: \(received)\n\(complaints)")
      case .packet(let packet):
        for descriptor in packet.descriptors { descriptor.close() }
        guard let message = try BrainMessage.decoded(packet.bytes[...]) else { throw Failure("a message without meaning") }
        received.append(message)
      }
    }
  }

  // MARK: The end

  private var complaints: String { Files.text("\(folder)/complaints") ?? "" }

  func ending(seconds: Double = 10) -> Child.Ending? {
    isOver = true
    return Launch.reap(pidfd, seconds: seconds)
  }

  /// It says why, to the keeper and on standard error, and ends.
  func expectEnd(code: Int32, _ words: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    guard case .ending(let reason) = try receive(where: { if case .ending = $0 { true } else { false } }) else { return }
    #expect(reason.contains(words), sourceLocation: sourceLocation)
    #expect(ending() == .exited(code), sourceLocation: sourceLocation)
    #expect(complaints.contains(words), sourceLocation: sourceLocation)
  }

  private func clean() {
    if !isOver {
      _ = pup_pidfd_signal(pidfd, SIGKILL)
      _ = Launch.reap(pidfd, seconds: 5)
    }
    for descriptor in held + [pidfd] { close(descriptor) }
  }
}
