import PupCore
import Testing

/// Waits for a start or a stop against everything that can happen in the meantime: open, met, or failed, and why.
@Suite struct AwaitedTests {
  /// The request, and the state when the wait began.
  static let situations: [(String, @Sendable (inout ProcessPolicy) -> Void, @Sendable (inout Script) -> Command.Action)] = [
    ("start", { _ in }, { $0.wish(.start) }),
    (
      "start after stop", { _ in },
      {
        $0.run()
        $0.command(.stop)
        return $0.wish(.start)
      }
    ),
    (
      "start of many", { $0.overrun = true },
      {
        $0.run()
        return $0.wish(.start)
      }
    ),
    (
      "restart", { _ in },
      {
        $0.run()
        return $0.wish(.restart)
      }
    ),
    (
      "restart in grace", { $0.gracePeriod = .seconds(120) },
      {
        $0.run()
        return $0.wish(.restart)
      }
    ),
    (
      "restart of starting", { _ in },
      {
        $0.command(.start)
        return $0.wish(.restart)
      }
    ),
    (
      "stop", { $0.watches = true },
      {
        $0.run()
        return $0.wish(.stop)
      }
    ),
    (
      "stop of many", { $0.overrun = true },
      {
        $0.run()
        return $0.wish(.stop)
      }
    ),
  ]

  static let events: [(String, @Sendable (inout Script) -> Void)] = [
    ("start", { $0.command(.start) }), ("stop", { $0.command(.stop) }), ("restart", { $0.command(.restart) }),
    ("block", { $0.command(.block) }), ("unblock", { $0.command(.unblock) }), ("spawned", { $0.spawned($0.newest) }),
    ("failed", { $0.failed($0.newest) }), ("over", { $0.ends($0.newest, code: 4) }),
    ("file", { $0.put(.fileChanged(ProcessID("a"), path: "x")) }), ("due", { $0.wait(milliseconds: 60_000) }),
    ("terminate", { $0.put(.terminate(.signal(15))) }), ("kill", { $0.put(.terminateNow(.signal(2))) }),
    ("removed", { $0.supervisor = Supervisor(definitions: []) }),
  ]

  /// Open, met, or failed: by a stop, a block, a restart, a start; by the
  /// end of everything; because it is gone; because the program failed.
  static let table = """
                        start    stop     restart  block    unblock  spawned  failed   over     file     due      terminat kill     removed
    start               open     stop     restart  open     open     met      fail     fail     open     open     end      end      gone
    start after stop    open     stop     open     block    open     open     open     open     open     open     end      end      gone
    start of many       open     stop     restart  open     open     met      fail     fail     open     open     end      end      gone
    restart             open     stop     open     block    open     open     open     open     open     open     end      end      gone
    restart in grace    open     stop     open     block    open     open     open     open     open     open     end      end      gone
    restart of starting open     stop     open     block    open     open     open     open     open     open     end      end      gone
    stop                open     open     open     open     open     open     open     met      open     open     open     open     met
    stop of many        start    open     open     open     open     open     open     met      open     open     open     open     met
    """

  @Test func everyWaitAgainstEveryEvent() throws {
    var rows = [String(repeating: " ", count: 20) + Self.row(Self.events.map(\.0))]
    for (name, policy, prepare) in Self.situations {
      let verdicts = try Self.events.map { event in
        var script = Script("a", policy)
        script.begin()
        let action = prepare(&script)
        let awaited = try #require(script.supervisor.awaited(after: action, of: ProcessID("a")))
        event.1(&script)
        return Self.word(awaited.verdict(on: script.supervisor.outlook(of: ProcessID("a"))))
      }
      rows.append(name + String(repeating: " ", count: 20 - name.count) + Self.row(verdicts))
    }
    #expect(rows.joined(separator: "\n") == Self.table)
  }

  private static func row(_ words: [String]) -> String {
    var line = words.map { ($0 + "        ").prefix(8) }.joined(separator: " ")
    while line.last == " " { line.removeLast() }
    return line
  }

  private static func word(_ verdict: Awaited.Verdict) -> String {
    switch verdict {
    case .open: "open"
    case .met: "met"
    case .failed(.stopped(by: Script.operatorName)): "stop"
    case .failed(.blocked(by: Script.operatorName)): "block"
    case .failed(.restarted(by: Script.operatorName)): "restart"
    case .failed(.started(by: Script.operatorName)): "start"
    case .failed(.notConfigured): "gone"
    case .failed(.terminating(by: .signal)): "end"
    case .failed(.ended(let text)) where text.hasPrefix("failed: "): "fail"
    case .failed(let why): why.words
    }
  }

  /// Cases that a single event after a single request cannot produce.
  @Test func aWaitForARunNotesWhatHappensToThatRun() {
    let wait = Awaited.running(from: 2)
    var outlook = Outlook(state: .finished, generation: 2)
    #expect(wait.verdict(on: outlook) == .met)
    outlook.endedBy = .timeout
    #expect(wait.verdict(on: outlook) == .failed(.stopped(by: .timeout)))
    for state in [ProcessState.created, .errored, .exhausted, .mixed] {
      outlook = Outlook(state: state, generation: 2, explanation: "so it is")
      #expect(wait.verdict(on: outlook) == .failed(.ended("so it is")))
    }
    outlook = Outlook(state: .finished, generation: 1)
    outlook.obstacle = .tooManyRuns
    #expect(wait.verdict(on: outlook) == .failed(.refused(.tooManyRuns)))
  }

  /// What a client that waited is told.
  @Test(arguments: [
    (Awaited.Failure.notConfigured, "it is no longer in the configuration"),
    (.terminating(by: .signal(15)), "everything is being stopped (requested by SIGTERM)"),
    (.started(by: .cron), "started in the meantime by cron"),
    (.restarted(by: .watch), "restarted in the meantime by a changed file"),
    (.stopped(by: .timeout), "stopped in the meantime by the time limit"),
    (.blocked(by: .consumer("ada")), "blocked in the meantime by ada"),
    (.refused(.tooManyRuns), "not started: 16 runs of it are alive, which is the maximum"), (.ended("so it is"), "so it is"),
  ])
  func failuresAreSaid(_ failure: Awaited.Failure, _ words: String) { #expect(failure.words == words) }
}

extension Script {
  fileprivate mutating func wish(_ action: Command.Action) -> Command.Action {
    #expect(command(action) == .accepted)
    return action
  }

  fileprivate var newest: UInt32 { supervisor.outlook(of: ProcessID("a"))?.generation ?? 1 }
}
