import Glibc

/// Values from other threads, waited for with a time limit.
final class Inbox<Value: Sendable>: @unchecked Sendable {
  private var mutex = pthread_mutex_t()
  private var changed = pthread_cond_t()
  private var values: [Value] = []

  init() {
    pthread_mutex_init(&mutex, nil)
    pthread_cond_init(&changed, nil)
  }

  func put(_ value: Value) {
    pthread_mutex_lock(&mutex)
    values.append(value)
    pthread_cond_broadcast(&changed)
    pthread_mutex_unlock(&mutex)
  }

  /// Nil when nothing has come for so long.
  func take(seconds: Int = 20) -> Value? {
    var deadline = timespec()
    clock_gettime(CLOCK_REALTIME, &deadline)
    deadline.tv_sec += seconds
    pthread_mutex_lock(&mutex)
    defer { pthread_mutex_unlock(&mutex) }
    while values.isEmpty {
      guard pthread_cond_timedwait(&changed, &mutex, &deadline) == 0 else { return nil }
    }
    return values.removeFirst()
  }
}

/// Runs `body` on a thread of its own; the returned inbox tells its end.
func onThread(_ body: @escaping @Sendable () -> Void) -> Inbox<Bool> {
  final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  let ended = Inbox<Bool>()
  var thread = pthread_t()
  let box = Box {
    body()
    ended.put(true)
  }
  pthread_create(
    &thread, nil,
    { argument in
      Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue().body()
      return nil
    }, Unmanaged.passRetained(box).toOpaque())
  pthread_detach(thread)
  return ended
}
