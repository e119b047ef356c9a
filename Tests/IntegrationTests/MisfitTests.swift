internal import CLinux
internal import Glibc
internal import PupBasics
internal import PupInstance
internal import PupSystem
internal import PupTestSupport
internal import Testing

extension Integration {
  /// Keeper and supervisor that do not understand each other: nobody waits for ever for what was not understood.
  @Suite struct MisfitTests {
    private static let key = EntryKey(slot: 0, generation: 3)

    /// Of a kind that no build has, and that must not be ignored.
    private static let unknown: [UInt8] = {
      var writer = ByteWriter()
      writer.put(250 as UInt16)
      writer.put(0 as UInt16)
      writer.put(0 as UInt32)
      return writer.bytes
    }()

    /// The message, with the phase of the (first) run that it is about changed to one that no build has.
    private static func withUnknownPhase(_ message: KeeperMessage, at place: Int) -> [UInt8] {
      var bytes = message.encoded()
      bytes[place] = 99
      return bytes
    }

    // MARK: The supervisor

    enum Unread: String, CaseIterable {
      case greeting, inventory, adopting
    }

    @Test(.timeLimit(.minutes(5)), arguments: Unread.allCases)
    func aSupervisorThatRefusesWhatItsTakeOverNeedsEndsAndSaysWhy(phase: Unread) throws {
      try BrainBench.test(run: phase == .adopting ? Self.key : nil) { bench in
        var reason = "phase of a run 99 is unknown to this build"
        switch phase {
        case .greeting:
          reason = "message of kind 250 is unknown to this build"
          try bench.send(raw: Self.unknown)
        case .inventory:
          try bench.welcome()
          let inventory = KeeperMessage.inventory(chunk: 0, last: true, [InventoryEntry(key: Self.key, phase: .running)])
          try bench.send(raw: Self.withUnknownPhase(inventory, at: 29))
        case .adopting:
          try bench.welcome()
          try bench.send(.inventory(chunk: 0, last: true, []))
          _ = try bench.receive { if case .adopt = $0 { true } else { false } }
          try bench.send(raw: Self.withUnknownPhase(.adopted(InventoryEntry(key: Self.key, phase: .running)), at: 20))
        }
        try bench.expectEnd(code: BrainMessage.refusalExitCode, reason)
      }
    }

    @Test(.timeLimit(.minutes(5))) func aProtocolThatWasNotOfferedIsRefused() throws {
      try BrainBench.test { bench in
        try bench.welcome { $0.agreed = 9 }
        try bench.expectEnd(
          code: BrainMessage.refusalExitCode, "the keeper speaks protocol version 1 and this supervisor version 1")
      }
    }

    /// Another one may get it whole: no refusal.
    @Test(.timeLimit(.minutes(5))) func damagedBytesEndItAsAFaultDoes() throws {
      try BrainBench.test { bench in
        try bench.send(raw: Array(Self.unknown.prefix(5)))
        try bench.expectEnd(code: 70, "a message of 5 bytes that is not understood: the bytes are truncated or damaged")
      }
    }

    @Test(.timeLimit(.minutes(5))) func whileItSupervisesItGoesOn() throws {
      try BrainBench.test { bench in
        try bench.welcome()
        try bench.send(.inventory(chunk: 0, last: true, []))
        _ = try bench.receive { $0 == .ready }
        try bench.send(raw: Self.unknown)
        try bench.send(.terminate(signal: SIGTERM))
        _ = try bench.receive { $0 == .exit(code: 0) }
        #expect(bench.ending() == .exited(0))
      }
    }

    // MARK: The keeper

    enum Greeting: String, CaseIterable {
      case foreign, damaged, none
    }

    @Test(.timeLimit(.minutes(5)), arguments: Greeting.allCases)
    func aKeeperEndsASupervisorThatItCannotGreet(how: Greeting) throws {
      try KeeperBench.test(cgroups: false, greets: false) { bench in
        var hello = Hello(build: "bench", standby: false)
        switch how {
        case .foreign:
          hello.speaks = 98...99
          try bench.send(.hello(hello))
        case .damaged: try bench.send(raw: Array(BrainMessage.hello(hello).encoded().dropLast(3)))
        case .none: try bench.send(.ready)
        }
        #expect(bench.brainEnding() == .signaled(SIGKILL))
      }
    }
  }
}
