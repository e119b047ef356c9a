import Synchronization

/// Collects values from any thread.
final class Recorder: Sendable {
  private let storage = Mutex<[Int64]>([])

  func add(_ value: Int64) { storage.withLock { $0.append(value) } }
  var values: [Int64] { storage.withLock { $0 } }
}
