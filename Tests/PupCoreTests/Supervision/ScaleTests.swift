import PupCore
import PupTestSupport
import Testing

@Suite struct ScaleTests {
  /// An event costs the same whether ten processes are managed or two thousand; deadlines fire in order.
  @Test func manyProcessesKeepTheirDeadlines() {
    let count = 2000
    var generator = SeededGenerator(seed: 5)
    var expected: [(Int64, Int)] = []
    let definitions = (0..<count).map { number in
      var policy = ProcessPolicy()
      policy.autostart = true
      policy.restart = .always
      policy.restartDelay = .milliseconds(Int64.random(in: 1...1_000_000, using: &generator))
      expected.append((policy.restartDelay.nanoseconds, number))
      return ProcessDefinition(id: ProcessID("p-\(number)"), policy: policy)
    }
    var script = Script(definitions)
    #expect(script.begin().spawns.count == count)
    let start = script.now.boot
    for definition in definitions {
      let key = RunKey(id: definition.id, generation: 1)
      script.put(.spawned(key, pid: 1))
      script.put(.exited(key, .exited(code: 1)))
      script.put(.treeEmpty(key))
    }
    expected.sort { $0 < $1 }
    for (delay, _) in expected {
      // Two with the same delay start in the same step.
      guard let next = script.supervisor.nextDeadline.boot, next > script.now.boot else { continue }
      #expect(next.nanoseconds - start.nanoseconds == delay)
      script.now.boot = next
      #expect(script.put(.deadlineReached).spawns.allSatisfy { $0 == 2 })
    }
    #expect(script.supervisor.nextDeadline == Deadlines())
    #expect(script.supervisor.statuses.allSatisfy { $0.state == .starting && $0.restarts == 1 })
  }
}
