internal import Glibc

/// Bytes on their way to the console: bounded, filled by the pump, emptied by the console's own thread.
///
/// A pthread mutex with two conditions, because the thread has to sleep until there is something to show.
final class ConsoleQueue: @unchecked Sendable {
  struct Chunk {
    var isError: Bool
    var bytes: [UInt8]
  }

  private let capacity: Int
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let emptied = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  // All of these under `mutex`.
  private var chunks: [Chunk] = []
  private var size = 0
  private var isBusy = false
  private var isClosed = false
  private var hidden: UInt64 = 0

  init(capacity: Int) {
    self.capacity = capacity
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
    // A step of the wall clock must not prolong the wait at the end.
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(emptied, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_cond_destroy(emptied)
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
    changed.deallocate()
    emptied.deallocate()
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  /// False if there is no room: then the caller counts its lines with `hide`, without formatting them.
  var hasRoom: Bool { locked { size < capacity && !isClosed } }

  func hide(lines: Int) { locked { hidden += UInt64(lines) } }

  /// Adds bytes, after a mark if lines had to be hidden. A chunk may exceed the capacity once, because `hasRoom` was asked
  /// before.
  func push(_ bytes: UnsafeRawBufferPointer, isError: Bool) {
    locked {
      guard !isClosed else { return }
      if hidden > 0 {
        append(Array("… \(hidden) lines not shown\n".utf8), isError: isError)
        hidden = 0
      }
      append(Array(bytes), isError: isError)
      pthread_cond_signal(changed)
    }
  }

  private func append(_ bytes: [UInt8], isError: Bool) {
    size += bytes.count
    if let last = chunks.last, last.isError == isError, last.bytes.count + bytes.count <= 64 << 10 {
      chunks[chunks.count - 1].bytes += bytes
    } else {
      chunks.append(Chunk(isError: isError, bytes: bytes))
    }
  }

  /// Waits for bytes. Nil if the queue is closed and empty. The previous chunk then counts as shown.
  func next() -> [Chunk]? {
    locked {
      isBusy = false
      while chunks.isEmpty {
        pthread_cond_broadcast(emptied)
        if isClosed { return nil }
        pthread_cond_wait(changed, mutex)
      }
      isBusy = true
      size = 0
      defer { chunks = [] }
      return chunks
    }
  }

  /// Takes no more bytes, and waits until all are shown. False if time runs out first.
  func close(timeoutMilliseconds: Int) -> Bool {
    var deadline = timespec()
    clock_gettime(CLOCK_MONOTONIC, &deadline)
    deadline.tv_sec += timeoutMilliseconds / 1000
    deadline.tv_nsec += timeoutMilliseconds % 1000 * 1_000_000
    if deadline.tv_nsec >= 1_000_000_000 {
      deadline.tv_nsec -= 1_000_000_000
      deadline.tv_sec += 1
    }
    return locked {
      if hidden > 0 {
        append(Array("… \(hidden) lines not shown\n".utf8), isError: false)
        hidden = 0
      }
      isClosed = true
      pthread_cond_signal(changed)
      while isBusy || !chunks.isEmpty {
        if pthread_cond_timedwait(emptied, mutex, &deadline) == ETIMEDOUT { return false }
      }
      return true
    }
  }
}
