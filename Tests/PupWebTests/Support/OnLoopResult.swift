import Glibc
import Synchronization

/// The result of something that another thread does.
final class OnLoopResult: Sendable {
  private let value = Mutex<Result<Void, any Error>?>(nil)

  func finish(_ result: Result<Void, any Error>) { value.withLock { $0 = result } }

  func wait() -> Result<Void, any Error> {
    while true {
      if let result = value.withLock({ $0 }) { return result }
      sched_yield()
    }
  }
}
