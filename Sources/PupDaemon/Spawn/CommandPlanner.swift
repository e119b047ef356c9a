internal import PupBasics
internal import PupConfig
internal import PupCore
internal import PupSystem

/// Looks up what a process's command executes, away from the control loop: the file may be on a disk that hangs. Belongs to the
/// control loop.
final class CommandPlanner {
  enum Answer: Sendable {
    /// What to execute, and what is known to be wrong with it.
    case plan(CommandPlan, problem: String?)
    case failed(String)
    /// The machine is short of processes: nothing is known about the program.
    case noThread
  }

  private struct Request {
    let timer: Timer
    let answer: @Sendable (Answer) -> Void
  }

  /// After this a start has failed, and the restart policy decides.
  private static let patience: Int64 = 10_000_000_000
  private static let silence = "the file system on which its program is looked for does not answer"

  private let loop: EventLoop
  private let pool: HelperPool
  /// Who waits for the search that is under way for a process; it has one at a time, so that one that hangs costs one thread.
  private var searches: [ProcessID: [RunKey: Request]] = [:]

  init(on loop: EventLoop, pool: HelperPool) {
    self.loop = loop
    self.pool = pool
  }

  /// - Parameter answer: called once, on the loop, and not before this has returned, unless the search is cancelled.
  func find(
    _ key: RunKey, _ configuration: ProcessConfiguration, _ environment: SystemConfigurationEnvironment,
    _ answer: @escaping @Sendable (Answer) -> Void
  ) {
    let me = LoopBound(self, to: loop)
    let timer = loop.schedule(at: loop.now + Self.patience) {
      me { $0.searches[key.id]?.removeValue(forKey: key)?.answer(.failed(Self.silence)) }
    }
    let isUnderWay = searches[key.id] != nil
    searches[key.id, default: [:]][key] = Request(timer: timer, answer: answer)
    guard !isUnderWay else { return }
    let isTaken = pool.run { [loop] in
      let answer: Answer
      do throws(CommandPlanError) {
        answer = .plan(try CommandPlan.make(for: configuration, environment: environment), problem: nil)
      } catch {
        // The folder may be what is missing: the attempt then says so.
        if var attempt = error.attempt {
          attempt.executable = PathText.join(configuration.workingDirectory, attempt.executable)
          answer = .plan(attempt, problem: error.message)
        } else {
          answer = .failed("\(error.message) (cwd \(configuration.workingDirectory))")
        }
      }
      loop.post { me { $0.found(answer, key.id) } }
    }
    if !isTaken { loop.post { me { $0.found(.noThread, key.id) } } }
  }

  /// - Returns: whether its program was still being looked for; nothing is answered then.
  func cancel(_ key: RunKey) -> Bool {
    guard let request = searches[key.id]?.removeValue(forKey: key) else { return false }
    loop.cancel(request.timer)
    return true
  }

  private func found(_ answer: Answer, _ id: ProcessID) {
    let requests = searches.removeValue(forKey: id) ?? [:]
    for (_, request) in requests.sorted(by: { $0.key.generation < $1.key.generation }) {
      loop.cancel(request.timer)
      request.answer(answer)
    }
  }
}
