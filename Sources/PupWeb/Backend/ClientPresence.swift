internal import Synchronization

/// Whether a client still waits for its answer. Whoever works on one that is expensive asks now and then, from any thread.
package final class ClientPresence: Sendable {
  private let left = Atomic<Bool>(false)

  package init() {}

  package var isThere: Bool { !left.load(ordering: .relaxed) }

  package func leave() { left.store(true, ordering: .relaxed) }
}
