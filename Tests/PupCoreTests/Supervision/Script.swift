import PupCore

/// Drives a supervisor by hand: one clock, one line per input.
struct Script {
  var supervisor: Supervisor
  var now = Moment(boot: Instant(nanoseconds: 1_000_000_000), wall: WallTime(microseconds: 1_800_000_000_000_000))
  /// The effects of the last input.
  var effects: [Effect] = []
  private var commands: UInt64 = 0

  static let operatorName = Cause.consumer("ada")

  init(_ definitions: [ProcessDefinition]) { supervisor = Supervisor(definitions: definitions) }

  init(_ id: String = "a", _ change: (inout ProcessPolicy) -> Void = { _ in }) {
    var policy = ProcessPolicy()
    change(&policy)
    self.init([ProcessDefinition(id: ProcessID(id), policy: policy)])
  }

  @discardableResult
  mutating func put(_ input: Input) -> [Effect] {
    effects = supervisor.handle(input, at: now)
    return effects
  }

  @discardableResult
  mutating func begin(held: Cause? = nil, blocked: Cause? = nil) -> [Effect] {
    put(.begin(desired: [DesiredState(id: ProcessID("a"), heldBy: held, blockedBy: blocked)]))
  }

  @discardableResult
  mutating func command(_ action: Command.Action, _ id: String = "a") -> CommandAnswer? {
    commands += 1
    put(.command(Command(number: commands, action: action, target: .one(ProcessID(id)), actor: Self.operatorName)))
    for case .answer(commands, let answer) in effects { return answer }
    return nil
  }

  @discardableResult mutating func spawned(_ generation: UInt32 = 1) -> [Effect] { put(.spawned(key(generation), pid: 100)) }

  @discardableResult mutating func failed(_ generation: UInt32 = 1) -> [Effect] {
    put(
      .spawnFailed(
        key(generation), SpawnFailure(stage: "exec", errno: 2, message: "exec /bin/nothing: No such file or directory")))
  }

  @discardableResult mutating func exited(_ generation: UInt32 = 1, code: Int32 = 0) -> [Effect] {
    put(.exited(key(generation), .exited(code: code)))
  }

  @discardableResult mutating func treeEmpty(_ generation: UInt32 = 1) -> [Effect] { put(.treeEmpty(key(generation))) }

  /// An exit followed by an empty tree.
  @discardableResult mutating func ends(_ generation: UInt32 = 1, code: Int32 = 0) -> [Effect] {
    let first = exited(generation, code: code)
    effects = first + treeEmpty(generation)
    return effects
  }

  /// Lets time pass, then reports that a deadline may have been reached.
  @discardableResult mutating func wait(milliseconds: Int64) -> [Effect] {
    now.boot = now.boot + .milliseconds(milliseconds)
    now.wall.microseconds += milliseconds * 1000
    return put(.deadlineReached)
  }

  /// Starts the process manually, until it executes.
  mutating func run() {
    command(.start)
    spawned()
  }

  func key(_ generation: UInt32) -> RunKey { RunKey(id: ProcessID("a"), generation: generation) }

  var status: ProcessStatus {
    supervisor.status(of: ProcessID("a"), at: now) ?? ProcessStatus(id: ProcessID("?"), state: .mixed, updated: now.wall)
  }
  var state: ProcessState { status.state }
}

extension [Effect] {
  var spawns: [UInt32] { compactMap { if case .spawn(let key, _) = $0 { key.generation } else { nil } } }
  var spawnReasons: [Cause] { compactMap { if case .spawn(_, let reason) = $0 { reason } else { nil } } }
  var releases: [UInt32] { compactMap { if case .release(let key) = $0 { key.generation } else { nil } } }
  var signals: [String] { compactMap { if case .signal(_, let number, let scope) = $0 { "\(number) \(scope)" } else { nil } } }
  var refusals: [String] {
    compactMap { if case .refused(_, let refusal) = $0 { refusal.words } else { nil } }
  }
  var changes: [ProcessState] { compactMap { if case .event(.stateChanged(_, let new, _, _)) = $0 { new } else { nil } } }
  var changeActors: [Cause] { compactMap { if case .event(.stateChanged(_, _, _, let actor)) = $0 { actor } else { nil } } }

  /// The actors of decisions that changed no state.
  var decisions: [Cause] { compactMap { if case .event(.flagChanged(_, let actor)) = $0 { actor } else { nil } } }

  var changeLines: [LogCategory] { compactMap { if case .logChange(_, let category, _, _) = $0 { category } else { nil } } }

  func logs(_ category: LogCategory) -> [String] {
    compactMap {
      switch $0 {
      case .log(_, category, _, let text), .logChange(_, category, _, let text): text
      default: nil
      }
    }
  }
}
