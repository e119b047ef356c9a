import PupCore
import Testing

/// Every situation of a process against every event: the state that follows, and what the keeper is asked to do.
@Suite struct MatrixTests {
  /// How to get a process into a situation once it has begun.
  static let situations: [String: (ProcessPolicyChange, @Sendable (inout Script) -> Void)] = [
    "created": ({ _ in }, { _ in }),
    "held": ({ _ in }, { $0.command(.stop) }),
    "blocked": ({ _ in }, { $0.command(.block) }),
    "starting": ({ _ in }, { $0.command(.start) }),
    "running": ({ _ in }, { $0.run() }),
    "settling": (
      { _ in },
      {
        $0.run()
        $0.exited(code: 3)
      }
    ),
    "clearing": (
      { _ in },
      {
        $0.run()
        $0.exited(code: 3)
        $0.wait(milliseconds: 100)
      }
    ),
    "grace": (
      { $0.gracePeriod = .seconds(5) },
      {
        $0.run()
        $0.command(.stop)
      }
    ),
    "asked": (
      { _ in },
      {
        $0.run()
        $0.command(.stop)
      }
    ),
    "emptying": (
      { _ in },
      {
        $0.run()
        $0.command(.stop)
        $0.exited()
      }
    ),
    "killing": (
      { $0.terminateTimeout = .zero },
      {
        $0.run()
        $0.command(.stop)
      }
    ),
    "restarting": (
      { _ in },
      {
        $0.run()
        $0.command(.restart)
      }
    ),
    "watch due": (
      { $0.watches = true },
      {
        $0.run()
        $0.put(.fileChanged(ProcessID("a"), path: "x"))
      }
    ),
    "waiting": (
      { $0.restart = .always },
      {
        $0.run()
        $0.ends(code: 3)
      }
    ),
    "finished": (
      { _ in },
      {
        $0.run()
        $0.ends()
      }
    ),
    "failed": (
      { _ in },
      {
        $0.run()
        $0.ends(code: 3)
      }
    ),
    "exhausted": (
      {
        $0.restart = .always
        $0.restartLimit = 0
      },
      {
        $0.run()
        $0.ends(code: 3)
      }
    ),
    "kept": (
      { $0.leftovers = .keep },
      {
        $0.run()
        $0.exited(code: 3)
      }
    ),
    "terminating": (
      { _ in },
      {
        $0.run()
        $0.put(.terminate(.signal(15)))
      }
    ),
  ]

  typealias ProcessPolicyChange = @Sendable (inout ProcessPolicy) -> Void

  static let events: [(String, @Sendable (inout Script) -> Void)] = [
    ("start", { $0.command(.start) }), ("stop", { $0.command(.stop) }), ("restart", { $0.command(.restart) }),
    ("block", { $0.command(.block) }), ("unblock", { $0.command(.unblock) }), ("spawned", { $0.spawned() }),
    ("spawnFailed", { $0.failed() }), ("exited", { $0.exited(code: 4) }), ("treeEmpty", { $0.treeEmpty() }),
    ("file", { $0.put(.fileChanged(ProcessID("a"), path: "x")) }), ("due", { $0.wait(milliseconds: 60_000) }),
    ("clock", { $0.put(.wallClockChanged) }), ("begin", { $0.put(.begin(desired: [])) }),
    ("takeOver", { $0.put(.takeOver(records: [], runs: [:])) }), ("terminate", { $0.put(.terminate(.signal(15))) }),
    ("now", { $0.put(.terminateNow(.signal(2))) }), ("stale", { $0.exited(77) }), ("stale empty", { $0.treeEmpty(77) }),
  ]

  /// One column per event, in the order above: the state that follows (created, starting, running,
  /// stopping, finished, failed, exhausted), then S for a spawn, T for SIGTERM, K for SIGKILL, R
  /// for a release, A for "all stopped". The columns are headed by the numbers of the events.
  static let table = """
                1     2     3     4     5     6     7     8     9     10    11    12    13    14    15    16    17    18
    asked       sp    sp    sp    sp    sp    sp    sp    sp+T  fi+R  sp    sp+K  sp    sp    sp    sp    sp+K  sp    sp+R
    blocked     cr    cr    cr    cr    cr    cr    cr+R  cr    cr+R  cr    cr    cr    cr    cr    cr+A  cr+A  cr    cr+R
    clearing    sp    sp    sp    sp    sp    sp    sp    sp    fa+R  sp    sp+K  sp    sp    sp    sp    sp+K  sp    sp+R
    created     st+S  cr    st+S  cr    cr    cr    cr+R  cr    cr+R  cr    cr    cr    cr    cr    cr+A  cr+A  cr    cr+R
    emptying    sp    sp    sp    sp    sp    sp    sp    sp    fi+R  sp    sp+K  sp    sp    sp    sp    sp+K  sp    sp+R
    exhausted   st+S  ex    st+S  ex    ex    ex    ex+R  ex    ex+R  ex    ex    ex    ex    ex    ex+A  ex+A  ex    ex+R
    failed      st+S  fa    st+S  fa    fa    fa    fa+R  fa    fa+R  fa    fa    fa    fa    fa    fa+A  fa+A  fa    fa+R
    finished    st+S  fi    st+S  fi    fi    fi    fi+R  fi    fi+R  fi    fi    fi    fi    fi    fi+A  fi+A  fi    fi+R
    grace       sp    sp    sp    sp    sp    sp    sp    sp+T  fi+R  sp    sp+K  sp    sp    sp    sp    sp+K  sp    sp+R
    held        st+S  cr    st+S  cr    cr    cr    cr+R  cr    cr+R  cr    cr    cr    cr    cr    cr+A  cr+A  cr    cr+R
    kept        st+S  sp+T  sp+T  fa    fa    fa    fa    fa    fa+R  fa    fa    fa    fa    fa    sp+T  sp+K  fa    fa+R
    killing     sp    sp    sp    sp    sp    sp    sp    sp    fi+R  sp    sp+K  sp    sp    sp    sp    sp+K  sp    sp+R
    restarting  sp    sp    sp    sp    sp    sp    sp    sp+T  st+SR sp    sp+K  sp    sp    sp    sp    sp+K  sp    sp+R
    running     ru    sp+T  sp+T  ru    ru    ru    ru    ru    fa+R  ru    ru    ru    ru    ru    sp+T  sp+K  ru    ru+R
    settling    ru    sp+T  sp+T  ru    ru    ru    ru    ru    fa+R  ru    sp+TK ru    ru    ru    sp+T  sp+K  ru    ru+R
    starting    st    sp+T  sp+T  st    st    ru    fa+R  ru    fa+R  st    st    st    st    st    sp+T  sp+K  st    st+R
    terminating sp    sp    sp    sp    sp    sp    sp    sp+T  fi+RA sp    sp+K  sp    sp    sp    sp    sp+K  sp    sp+R
    waiting     st+S  fa    st+S  fa    fa    fa    fa+R  fa    fa+R  fa    st+S  fa    fa    fa    fa+A  fa+A  fa    fa+R
    watch due   ru    sp+T  sp+T  ru    ru    ru    ru    ru    fa+R  ru    sp+T  ru    ru    ru    sp+T  sp+K  ru    ru+R
    """

  static let expectations: [String: [String]] = Dictionary(
    uniqueKeysWithValues: table.split(separator: "\n").dropFirst().map { line in
      let name = line.prefix(12).split(separator: " ").joined(separator: " ")
      return (name, line.dropFirst(12).split(separator: " ").map(String.init))
    })

  @Test func everySituationHasItsRow() {
    #expect(Set(Self.expectations.keys) == Set(Self.situations.keys))
  }

  @Test(arguments: situations.keys.sorted())
  func everyEventIsAnswered(situation: String) throws {
    let (change, arrange) = try #require(Self.situations[situation])
    let expected = try #require(Self.expectations[situation])
    #expect(expected.count == Self.events.count)
    for ((name, event), expectation) in zip(Self.events, expected) {
      var script = Script("a", change)
      script.begin()
      arrange(&script)
      event(&script)
      #expect(Self.summary(script) == expectation, "\(situation) × \(name)")
      let deadline = script.supervisor.nextDeadline.boot
      #expect(deadline.map { $0 > script.now.boot } ?? true, "\(situation) × \(name) leaves a deadline in the past")
      #expect(!script.status.explanation.isEmpty)
    }
  }

  static let words: [ProcessState: String] = [
    .created: "cr", .starting: "st", .running: "ru", .stopping: "sp", .finished: "fi", .errored: "fa", .exhausted: "ex",
  ]

  static func summary(_ script: Script) -> String {
    let effects = script.effects
    var asked = "+"
    if !effects.spawns.isEmpty { asked += "S" }
    if effects.signals.contains(where: { $0.hasPrefix("15") }) { asked += "T" }
    if effects.signals.contains(where: { $0.hasPrefix("9") }) { asked += "K" }
    if !effects.releases.isEmpty { asked += "R" }
    if effects.contains(.allStopped) { asked += "A" }
    return words[script.state, default: "??"] + (asked == "+" ? "" : asked)
  }
}
