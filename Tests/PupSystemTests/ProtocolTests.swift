import PupBasics
import PupTestSupport
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
    .hello(Hello(build: "0.1.0 – ä", standby: true)), .beat, .inventoryReceived(chunk: 3), .ready,
    .spawn(key),
    .signal(key, signal: 15, scope: 3), .adopt(entry, graceNanoseconds: 1, timeoutNanoseconds: .max), .forget(key),
    .notify("READY=1\nSTATUS=ok"), .exit(code: -1),
    .keep(name: "web:8080 – ä"), .drop(name: ""),
  ]

  static let keeperMessages: [KeeperMessage] = [
    .welcome(KeeperMessage.Welcome()), .welcome(welcomeWithKept),
    .inventory(chunk: 1, last: true, Array(repeating: entry, count: 64)),
    .spawned(key, pid: 1, startTime: 2, cgroup: "", initPid: 0),
    .spawnFailed(key, SpawnError(stage: 9, errno: 2, subject: "/srv/ä b")),
    .exited(key, ExitRecord(kind: .exited, value: 255)), .treeEmpty(key), .terminate(signal: 2), .hangUp, .yield, .adopted(entry),
  ]

  @Test(arguments: brainMessages) func brainMessagesComeBackAsTheyWere(_ message: BrainMessage) throws {
    #expect(try BrainMessage.decoded(message.encoded()[...]) == message)
  }

  @Test(arguments: keeperMessages) func keeperMessagesComeBackAsTheyWere(_ message: KeeperMessage) throws {
    #expect(try KeeperMessage.decoded(message.encoded()[...]) == message)
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
    #expect(throws: FormatError.self) { try KeeperMessage.decoded(bytes[...]) }
  }

  @Test func logMessagesComeBackAsTheyWere() throws {
    let items = (0..<LogMessage.limit).map { LogMessage.Item(key: UInt64($0) << 40 | 1, upTo: .max, short: $0 % 2 == 0) }
    let message = LogMessage(items: items)
    #expect(try LogMessage.decoded(message.encoded()[...]) == message)
    #expect(message.encoded().count <= PacketSocket.capacity)
  }

  @Test func everyShortenedMessageIsRefused() {
    for message in Self.brainMessages {
      let bytes = message.encoded()
      for length in 0..<bytes.count {
        #expect(throws: FormatError.self) { try BrainMessage.decoded(bytes[0..<length]) }
      }
    }
    for message in Self.keeperMessages where message.encoded().count < 1000 {
      let bytes = message.encoded()
      for length in 0..<bytes.count {
        #expect(throws: FormatError.self) { try KeeperMessage.decoded(bytes[0..<length]) }
      }
    }
  }

  // MARK: Other builds

  /// As a build after this one writes it: each record has a field more.
  private func longer(_ bytes: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(bytes[..<4])
    writer.put(bytes[8...] + [1, 2, 3])
    return writer.bytes
  }

  @Test func fieldsThatAreNotKnownAreSkipped() throws {
    for message in Self.brainMessages { #expect(try BrainMessage.decoded(longer(message.encoded())[...]) == message) }
    for message in Self.keeperMessages { #expect(try KeeperMessage.decoded(longer(message.encoded())[...]) == message) }
  }

  @Test func longerItemsOfALogMessageAreRead() throws {
    var writer = ByteWriter()
    writer.message(1) {
      $0.put(UInt16(20))
      $0.put(UInt32(2))
      for key in [7, 8] as [UInt64] {
        $0.put(key)
        $0.put(key * 10)
        $0.put(true)
        $0.append([0xAA, 0xBB, 0xCC])
      }
    }
    let items = [7, 8].map { LogMessage.Item(key: $0, upTo: $0 * 10, short: true) }
    #expect(try LogMessage.decoded(writer.bytes[...]) == LogMessage(items: items))
  }

  @Test func aKindThatIsNotKnownIsRefusedByNameUnlessItMayBeIgnored() throws {
    var bytes = BrainMessage.exit(code: 1).encoded()
    bytes[0] = 99
    let refusal = FormatError.unknown(what: "message of kind", value: 99)
    #expect(throws: refusal) { try BrainMessage.decoded(bytes[...]) }
    #expect(throws: refusal) { try KeeperMessage.decoded(bytes[...]) }
    #expect(throws: refusal) { try LogMessage.decoded(bytes[...]) }
    #expect("\(refusal)" == "message of kind 99 is unknown to this build")
    bytes[2] = 1
    #expect(try BrainMessage.decoded(bytes[...]) == nil)
    #expect(try KeeperMessage.decoded(bytes[...]) == nil)
    // Cut off, it is not even that.
    #expect(throws: FormatError.malformed) { try BrainMessage.decoded(bytes.dropLast()) }
    #expect(throws: FormatError.malformed) { try BrainMessage.decoded((bytes + [0])[...]) }
  }

  @Test func unknownValuesAreUnknownOrRefused() throws {
    var exited = KeeperMessage.exited(Self.key, ExitRecord(kind: .exited, value: 3)).encoded()
    exited[20] = 77
    #expect(try KeeperMessage.decoded(exited[...]) == .exited(Self.key, ExitRecord(kind: .unknown, value: 3)))
    var adopted = KeeperMessage.adopted(Self.entry).encoded()
    adopted[20] = 77
    #expect(throws: FormatError.unknown(what: "phase of a run", value: 77)) { try KeeperMessage.decoded(adopted[...]) }
  }

  @Test func aGreetingFindsTheHighestCommonVersionOrSaysWhatEachSpeaks() throws {
    var hello = Hello(build: "0.9.0", standby: true)
    #expect(try hello.agreed() == 1)
    hello.speaks = 1...2
    #expect(try hello.agreed() == 1)
    hello.speaks = 2...3
    #expect(
      throws: Hello.Mismatch(description: "the supervisor (0.9.0) speaks protocol versions 2 to 3 and this keeper version 1")
    ) {
      try hello.agreed()
    }
    hello.speaks = 1...2
    hello.specification = FormatVersion(written: 2, needed: 1)
    #expect(try hello.agreed() == 1)
    hello.specification.needed = 2
    #expect(throws: Hello.Mismatch.self) { try hello.agreed() }
  }

  @Test func randomBytesAreReadOrRefused() {
    var random = SeededGenerator(seed: 19)
    var understood = 0
    for _ in 0..<20_000 {
      var bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      // A known kind and the right length in front, so that the fields are reached.
      if bytes.count > 8 {
        bytes.replaceSubrange(0..<8, with: [UInt8.random(in: 0...12, using: &random), 0, 0, 0, UInt8(bytes.count - 8), 0, 0, 0])
      }
      if (try? BrainMessage.decoded(bytes[...])) != nil { understood += 1 }
      if bytes.count > 2 { bytes[0] &+= 100 }
      if (try? KeeperMessage.decoded(bytes[...])) != nil { understood += 1 }
      if (try? LogMessage.decoded(bytes[...])) != nil { understood += 1 }
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
