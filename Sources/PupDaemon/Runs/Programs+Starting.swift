internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem

/// Starts, and why they fail.
extension Programs {
  func spawn(_ key: RunKey) {
    guard let configuration = runs[key.id]?.configuration, runs[key] != nil else {
      let reason =
        runs[key.id]?.isFull == true
        ? "\(StateSlot.capacity) runs of it, or what they left behind, have not ended"
        : "too many runs are open at once; their output has not been read to its end"
      return refuse(key, stage: "limits", reason)
    }
    // Where it is already being asked for, a take-over must not think that it has vanished.
    supervision.runs.update(key) { $0.isRequested = true }
    planner.find(key, configuration, environment) { [me] answer in me { $0.planned(key, answer) } }
  }

  private func planned(_ key: RunKey, _ answer: CommandPlanner.Answer) {
    guard let configuration = runs[key.id]?.configuration, let run = runs[key], let entry = runs.entry(of: key) else { return }
    let plan: CommandPlan
    switch answer {
    case .plan(let found, let problem):
      plan = found
      supervision.runs.update(key) { $0.planProblem = problem }
    case .failed(let why): return refuse(key, stage: "exec", why)
    case .noThread: return refuse(key, stage: "plan", "no thread can be started to look for its program", isShortage: true)
    }
    supervision.runs.update(key) { $0.executable = plan.executable }
    let specification = SpawnSpecification(
      key: entry, rowOut: run.record.rowOut, rowErr: run.record.rowErr, graceNanoseconds: run.record.graceNanoseconds,
      timeoutNanoseconds: run.record.timeoutNanoseconds, openFiles: keeper.welcome.openFileLimit, oomScore: childOOMScore,
      cgroup: RunRecord.cgroupName(process: key.id.text, generation: key.generation), executable: plan.executable,
      workingDirectory: configuration.workingDirectory, arguments: plan.arguments,
      environment: PupConfiguration.environment(
        for: configuration, base: environment.variables,
        instance: interface.surroundings(of: configuration)))
    do throws(SystemError) {
      let memory = try specification.memory()
      supervision.runs.update(key) { $0.isSent = true }
      keeper.send(.spawn(entry), owned: [memory])
    } catch {
      let message = "\(error)\(wayOut(ofDescriptorShortage: error.errno))"
      refuse(key, stage: "specification", message, isShortage: error.isShortage)
    }
  }

  func signal(_ key: RunKey, _ signal: Int32, _ scope: PupCore.SignalScope) {
    guard let entry = runs.entry(of: key) else { return }
    // The keeper does not know it yet, and need not.
    if planner.cancel(key) { return refuse(key, stage: "plan", "it was stopped before its program was found") }
    keeper.send(.signal(entry, signal: signal, scope: scope.inProtocol.rawValue))
  }

  private func refuse(_ key: RunKey, stage: String, _ message: String, isShortage: Bool = false) {
    supervision.runs.update(key) { ($0.isEmpty, $0.isReleased) = (true, true) }
    supervision.feed(
      .spawnFailed(key, SpawnFailure(stage: stage, errno: 0, message: message, isShortage: isShortage)))
  }

  /// The keeper protects itself and its brain from the OOM killer; programs get the ordinary score.
  private var childOOMScore: Int32 { 0 }

  // MARK: Failures

  /// "exec /usr/bin/foo: No such file or directory (cwd /srv/x)"
  func failure(_ key: RunKey, _ error: SpawnError) -> SpawnFailure {
    let stage = SpawnStage(rawValue: error.stage) ?? .specification
    let errno = error.errno
    // The child's words are cut where they are long; what is known here is whole.
    let subject = error.subject.isEmpty ? nil : error.subject
    let directory = runs[key.id]?.configuration?.workingDirectory ?? (stage == .chdir ? subject : nil) ?? "?"
    let run = runs[key]
    let reason = String(cString: pup_error_text(errno))
    var message: String
    switch stage {
    case .exec:
      // What is known better than the kernel says it: nothing in PATH has that name.
      if errno == ENOENT, let problem = run?.planProblem {
        message = "\(problem) (cwd \(directory))"
      } else {
        message = "exec \(run?.executable ?? subject ?? "its program"): \(reason) (cwd \(directory))"
      }
    case .chdir: message = "chdir \(directory): \(reason)"
    default: message = "\(stage.word)\(subject.map { " (\($0))" } ?? ""): \(reason)"
    }
    if errno == EAGAIN, stage == .clone {
      message += "; the limit of processes is reached (ulimit -u, pids.max, or TasksMax= in the service)"
    } else {
      message += wayOut(ofDescriptorShortage: errno)
    }
    return SpawnFailure(
      stage: stage.word, errno: errno, message: message, isShortage: SystemError(stage.word, errno: errno).isShortage)
  }

  /// Appended to the reason; empty for any other errno. The keeper and the supervisor have the same limit.
  private func wayOut(ofDescriptorShortage errno: Int32) -> String {
    guard errno == EMFILE || errno == ENFILE else { return "" }
    return
      "; Pup may open \(keeper.welcome.openFileCapacity) descriptors: raise the hard limit (ulimit -Hn, or LimitNOFILE= in the "
      + "service)"
  }
}
