import Glibc
import PupSimulation

/// `pup-simulate --seeds 1000 --steps 10000`, or `--seed N` to replay one with its last inputs.
struct SimulationCommand {
  private static let usage = "usage: pup-simulate [--seeds N] [--steps N] [--seed N]"

  private var seeds: UInt64 = 1000
  private var steps = 10_000
  private var only: UInt64?
  private var problem: String?

  init(arguments: [String]) {
    var rest = arguments[...]
    while let option = rest.popFirst() {
      guard let text = rest.popFirst(), let number = UInt32(text) else {
        problem = "\(option) wants a number"
        return
      }
      switch option {
      case "--seeds": seeds = UInt64(number)
      case "--steps": steps = Int(number)
      case "--seed": only = UInt64(number)
      default:
        problem = "the option \(option) is not known"
        return
      }
    }
  }

  /// The exit code: 0 where every seed held, 1 where one failed, 64 for a usage error.
  func run() async -> Int32 {
    if let problem {
      print("pup-simulate: \(problem)\n\(Self.usage)")
      return 64
    }
    if let only { return report(Simulation.run(seed: only, steps: steps, keepsTrace: true)) }
    return await runAll()
  }

  private func runAll() async -> Int32 {
    let workers = UInt64(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    let (seeds, steps) = (seeds, steps)
    let showsProgress = isatty(STDOUT_FILENO) == 1
    var done: UInt64 = 0
    var failed: [SimulationResult] = []
    await withTaskGroup(of: SimulationResult.self) { group in
      var next: UInt64 = 0
      func add() {
        guard next < seeds, failed.isEmpty else { return }
        let seed = next
        next += 1
        group.addTask { Simulation.run(seed: seed, steps: steps) }
      }
      for _ in 0..<workers { add() }
      for await result in group {
        done += 1
        if result.failure != nil { failed.append(result) }
        if showsProgress, done % 10 == 0 || done == seeds {
          print("\r\(done) of \(seeds) seeds", terminator: "")
          fflush(nil)
        }
        add()
      }
    }
    if showsProgress { print("") }
    // The seed alone says everything: it is run again, this time with its trace.
    guard let first = failed.min(by: { $0.seed < $1.seed }) else {
      print("\(seeds) seeds of \(steps) steps: every invariant held")
      return 0
    }
    return report(Simulation.run(seed: first.seed, steps: steps, keepsTrace: true))
  }

  private func report(_ result: SimulationResult) -> Int32 {
    guard let failure = result.failure else {
      print("seed \(result.seed), \(result.steps) steps: every invariant held (digest \(String(result.digest, radix: 16)))")
      return 0
    }
    for line in failure.trace { print(line) }
    print("seed \(result.seed) failed at step \(failure.step): \(failure.message)")
    print("replay with: pup-simulate --seed \(result.seed) --steps \(steps)")
    return 1
  }
}
