import PupBasics
import PupSystem
import Testing

/// What keeper and supervisor say to each other.
@Suite struct ProtocolGoldenTests {
  private static let key = EntryKey(slot: 0xABCDEF, generation: 7)

  private static var entry: InventoryEntry {
    var entry = InventoryEntry(key: key, phase: .exited)
    (entry.pid, entry.startTime, entry.initPid, entry.initStartTime) = (4242, 123_456_789_012, 77, 88)
    (entry.failure, entry.cgroup) = (SpawnError(stage: 9, errno: 2, subject: "/srv"), "web-1.7")
    entry.exit = exit
    (entry.rowOut, entry.rowErr, entry.consumedOut, entry.consumedErr) = (5, 6, 1 << 40, 7)
    (entry.pipeOut, entry.pipeErr, entry.hasOutput, entry.hasError) = (1001, 1002, true, false)
    return entry
  }

  private static var exit: ExitRecord {
    var exit = ExitRecord(kind: .dumpedCore, value: 11)
    (exit.userMicroseconds, exit.systemMicroseconds, exit.maxResidentKilobytes) = (1, 2, 3)
    (exit.wallTime, exit.ranOutOfMemory) = (1_763_712_000_000_000, true)
    return exit
  }

  private static var welcome: KeeperMessage.Welcome {
    var welcome = KeeperMessage.Welcome()
    welcome.safeMode = .init(since: 5, reason: "five deaths", trial: 30)
    (welcome.reason, welcome.terminateSignal, welcome.ledgerRows, welcome.entries) = ("killed", 15, 1024, 3)
    (welcome.openFileLimit, welcome.openFileCapacity) = (1024, 1 << 20)
    (welcome.cgroupBase, welcome.programs) = ("/sys/fs/cgroup/pup-1", "/usr/libexec/pup")
    (welcome.predecessors, welcome.keeperPid, welcome.kept) = (2, 99, ["api.tcp", "web"])
    return welcome
  }

  private static var hello: Hello {
    var hello = Hello(build: "0.1.0", standby: true)
    hello.speaks = 1...1
    return hello
  }

  static let brainMessages: [(String, BrainMessage)] = [
    ("hello", .hello(hello)), ("beat", .beat), ("inventoryReceived", .inventoryReceived(chunk: 3)), ("ready", .ready),
    ("spawn", .spawn(key)), ("signal", .signal(key, signal: 15, scope: 3)),
    ("adopt", .adopt(entry, graceNanoseconds: 1, timeoutNanoseconds: .max)), ("forget", .forget(key)),
    ("notify", .notify("READY=1\nSTATUS=ok")), ("exit", .exit(code: -1)), ("keep", .keep(name: "web:80 ä")),
    ("drop", .drop(name: "web")), ("ending", .ending(reason: "cannot take over: ä")),
  ]

  static let keeperMessages: [(String, KeeperMessage)] = [
    ("welcome", .welcome(welcome)),
    ("inventory", .inventory(chunk: 1, last: true, [entry, InventoryEntry(key: key, phase: .failed)])),
    ("spawned", .spawned(key, pid: 1, startTime: 2, cgroup: "web.7", initPid: 3)),
    ("spawnFailed", .spawnFailed(key, SpawnError(stage: 9, errno: 2, subject: "/srv"))),
    ("exited", .exited(key, exit)), ("treeEmpty", .treeEmpty(key)),
    ("terminate", .terminate(signal: 2)), ("hangUp", .hangUp), ("yield", .yield), ("adopted", .adopted(entry)),
    ("stray", .stray(StrayReport(key: key, pid: 5, name: "sh"))),
  ]

  @Test(arguments: brainMessages) func whatTheBrainSays(name: String, message: BrainMessage) throws {
    for golden in try Golden(name: "brain-\(name)").check(message.encoded()) {
      #expect(try BrainMessage.decoded(golden[...]) == message)
    }
  }

  @Test(arguments: keeperMessages) func whatTheKeeperSays(name: String, message: KeeperMessage) throws {
    for golden in try Golden(name: "keeper-\(name)").check(message.encoded()) {
      #expect(try KeeperMessage.decoded(golden[...]) == message)
    }
  }

  @Test func logMessages() throws {
    let message = LogMessage(items: [.init(key: 7, upTo: 1 << 40), .init(key: .max, upTo: 3, short: true)])
    for golden in try Golden(name: "log-offsets").check(message.encoded()) {
      #expect(try LogMessage.decoded(golden[...]) == message)
    }
  }
}
