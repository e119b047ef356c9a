import Testing

@testable import PupSystem

@Suite struct ProtocolTests {
  private static let key = EntryKey(slot: 0xABCDEF, generation: 0xFFFF_FFFE)

  private static var entry: InventoryEntry {
    var entry = InventoryEntry(key: key, phase: .exited)
    (entry.pid, entry.startTime, entry.initPid) = (4_194_304, 123_456_789_012, 77)
    entry.cgroup = "web-1.12"
    var exit = ExitRecord(kind: .dumpedCore, value: 11)
    (exit.userMicroseconds, exit.systemMicroseconds, exit.maxResidentKilobytes, exit.wallTime) = (1, 2, 3, 1_763_712_000_000_000)
    exit.ranOutOfMemory = true
    entry.exit = exit
    (entry.rowOut, entry.rowErr, entry.consumedOut, entry.consumedErr) = (5, 6, 1 << 40, 7)
    (entry.hasOutput, entry.hasError) = (true, false)
    return entry
  }

  private static var welcomeWithKept: KeeperMessage.Welcome {
    var welcome = KeeperMessage.Welcome()
    welcome.kept = (0..<BrainMessage.keptLimit).map { "\($0)" + String(repeating: "x", count: BrainMessage.keptNameLimit - 2) }
    return welcome
  }

  static let brainMessages: [BrainMessage] = [
    .hello(protocolVersion: BrainMessage.version, build: "0.1.0 – ä", standby: true), .beat, .inventoryReceived(chunk: 3), .ready,
    .spawn(key),
    .signal(key, signal: 15, scope: 3), .adopt(entry, graceNanoseconds: 1, timeoutNanoseconds: .max), .forget(key),
    .notify("READY=1\nSTATUS=ok"), .exit(code: -1),
    .keep(name: "web:8080 – ä"), .drop(name: ""),
  ]

  static let keeperMessages: [KeeperMessage] = [
    .welcome(KeeperMessage.Welcome()), .welcome(welcomeWithKept),
    .inventory(chunk: 1, last: true, Array(repeating: entry, count: 64)),
    .spawned(key, pid: 1, startTime: 2, cgroup: "", initPid: 0), .spawnFailed(key, stage: 9, errno: 2),
    .exited(key, ExitRecord(kind: .exited, value: 255)), .treeEmpty(key), .terminate(signal: 2), .hangUp, .yield, .adopted(entry),
  ]

  @Test(arguments: brainMessages) func brainMessagesComeBackAsTheyWere(_ message: BrainMessage) throws {
    #expect(try BrainMessage(decoding: message.encoded()[...]) == message)
  }

  @Test(arguments: keeperMessages) func keeperMessagesComeBackAsTheyWere(_ message: KeeperMessage) throws {
    #expect(try KeeperMessage(decoding: message.encoded()[...]) == message)
  }

  @Test func aFullChunkOfTheInventoryFitsIntoOnePacket() {
    var entry = Self.entry
    entry.cgroup = String(repeating: "x", count: 75)
    let message = KeeperMessage.inventory(chunk: 0, last: false, Array(repeating: entry, count: 64))
    #expect(message.encoded().count <= PacketSocket.capacity)
  }

  @Test func moreKeptDescriptorsThanThereCanBeAreRefused() {
    var welcome = Self.welcomeWithKept
    welcome.kept.append("one more")
    let bytes = KeeperMessage.welcome(welcome).encoded()
    #expect(throws: PacketReader.Malformed.self) { try KeeperMessage(decoding: bytes[...]) }
  }

  @Test func logMessagesComeBackAsTheyWere() throws {
    let items = (0..<LogMessage.limit).map { LogMessage.Item(key: UInt64($0) << 40 | 1, upTo: .max, short: $0 % 2 == 0) }
    let message = LogMessage(items: items)
    #expect(try LogMessage(decoding: message.encoded()[...]) == message)
    #expect(message.encoded().count <= PacketSocket.capacity)
  }

  @Test func everyShortenedMessageIsRefused() {
    for message in Self.brainMessages {
      let bytes = message.encoded()
      for length in 0..<bytes.count {
        #expect(throws: PacketReader.Malformed.self) { try BrainMessage(decoding: bytes[0..<length]) }
      }
    }
    for message in Self.keeperMessages where message.encoded().count < 1000 {
      let bytes = message.encoded()
      for length in 0..<bytes.count {
        #expect(throws: PacketReader.Malformed.self) { try KeeperMessage(decoding: bytes[0..<length]) }
      }
    }
  }

  @Test func randomBytesAreReadOrRefused() {
    var random = SystemRandomNumberGenerator()
    var understood = 0
    for _ in 0..<20_000 {
      var bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      // A known kind in front, so that the fields are reached.
      if bytes.count > 2 { (bytes[0], bytes[1]) = (UInt8.random(in: 0...12, using: &random), 0) }
      if (try? BrainMessage(decoding: bytes[...])) != nil { understood += 1 }
      if bytes.count > 2 { bytes[0] &+= 100 }
      if (try? KeeperMessage(decoding: bytes[...])) != nil { understood += 1 }
      if (try? LogMessage(decoding: bytes[...])) != nil { understood += 1 }
    }
    #expect(understood > 0)
  }

  @Test func streamKeysNameTheirRun() {
    for which in OutputStream.allCases {
      let stream = Self.key.stream(which)
      #expect(stream != 0)
      #expect(EntryKey.of(stream: stream)?.entry == Self.key)
      #expect(EntryKey.of(stream: stream)?.which == which)
    }
    #expect(EntryKey.of(stream: 0) == nil)
  }
}
