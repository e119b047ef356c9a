internal import Glibc

/// Lets the command wait for an answer of another thread.
final class Latch<Value: Sendable>: @unchecked Sendable {
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
  private var value: Value?

  init() { sem_init(semaphore, 0, 0) }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  /// Once.
  func open(with value: Value) {
    self.value = value
    sem_post(semaphore)
  }

  /// Once.
  func wait() -> Value {
    while true {
      while sem_wait(semaphore) != 0 {}
      if let value { return value }
    }
  }
}
