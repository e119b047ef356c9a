internal import PupAPI
internal import PupCore
internal import PupLogs
internal import PupStore
internal import PupSystem

/// What operators have decided about processes, on its way to the database. What could not be written down is said to whoever
/// decided it, and once more at the end. Belongs to the control loop.
final class OperatorDecisions {
  /// A disk may hang; nobody waits longer for it.
  private static let patience: Int64 = 2_000_000_000

  private let loop: EventLoop
  private let supervision: Supervision
  private let interface: Interface
  private let logs: BrainLogs
  /// The core's revision that the database has been given.
  private var saved: UInt64 = 0

  init(on loop: EventLoop, _ supervision: Supervision, _ interface: Interface, _ logs: BrainLogs) {
    (self.loop, self.supervision, self.interface, self.logs) = (loop, supervision, interface, logs)
  }

  // MARK: The database

  func save() {
    let revision = supervision.core.desiredRevision
    guard revision != saved, let store = interface.surface?.store else { return }
    saved = revision
    // The store itself tells when it cannot write, and tries again.
    store.saveDesired(supervision.core.desiredStates)
  }

  /// What was decided since the database last heard of it (in safe mode it hears of nothing) is written once more.
  func forgetSaved() { saved = .max }

  /// - Parameter newer: of an instance that did not end cleanly.
  func load(newer: [DesiredState]) -> [DesiredState] {
    saved = supervision.core.desiredRevision
    guard let store = interface.surface?.store else { return newer }
    do throws(StoreError) {
      let known = Set(newer.map(\.id))
      return newer + (try store.loadDesired().map(\.state)).filter { !known.contains($0.id) }
    } catch {
      logs.log(.error, .store, "\(error); what was stopped or blocked by hand is not known, and starts as configured")
      return newer
    }
  }

  // MARK: What is not on disk

  /// Adds to what came of an action that the decision in it is not on disk, where that is so.
  func addingTrouble(
    to answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void
  ) -> @Sendable (Result<ActionResult, PupError>) -> Void {
    let me = LoopBound(self, to: loop)
    return { result in
      guard case .success(let done) = result else { return answer(result) }
      me { decisions in
        decisions.check { trouble in
          guard let trouble else { return answer(result) }
          let message = [done.message, trouble].compactMap(\.self).joined(separator: "; ")
          answer(.success(ActionResult(done.outcome, message: message)))
        }
      }
    }
  }

  /// - Parameter told: on the control loop: what is wrong; nil where everything is on disk.
  private func check(_ told: @escaping @Sendable (String?) -> Void) {
    // In safe mode they are written at the end.
    guard let surface = interface.surface, !surface.isSafe else { return told(nil) }
    guard let store = surface.store else {
      return told("this is not kept, since the database could not be opened: it ends with this Pup; Pup's log says why")
    }
    save()
    // Most actions decide nothing new.
    guard store.mayHaveUnsavedDecisions else { return told(nil) }
    let once = Once(told)
    let timer = loop.schedule(at: loop.now + Self.patience) { once.call(Self.notOnDisk("the disk takes long")) }
    store.checkDesired { [loop] error in
      loop.post {
        loop.cancel(timer)
        once.call(error.map { Self.notOnDisk("\($0)") })
      }
    }
  }

  private static func notOnDisk(_ reason: String) -> String {
    "this is not on disk yet, and is forgotten if Pup ends before it is: \(reason)"
  }

  /// Before everything is stopped: what is lost with this Pup, where its database cannot be written.
  /// - Parameter done: on the control loop; nil where nothing is lost.
  func settle(_ done: @escaping @Sendable (String?) -> Void) {
    guard let store = interface.surface?.store, store.counters.isFailing else { return done(nil) }
    let once = Once(done)
    let timer = loop.schedule(at: loop.now + Self.patience) {
      once.call(Self.lost(StoreLeftovers(hasDecisions: true, hasRevocations: true)))
    }
    store.settle { [loop] leftovers in
      loop.post {
        loop.cancel(timer)
        once.call(Self.lost(leftovers))
      }
    }
  }

  private static func lost(_ leftovers: StoreLeftovers) -> String? {
    var parts: [String] = []
    if leftovers.hasDecisions {
      parts.append(
        "what was stopped, started, blocked or unblocked by hand last is forgotten, and counts no more at the next start")
    }
    if leftovers.hasRevocations {
      parts.append("revoked tokens stay dead: a new secret is made, so every other token ends as well")
    }
    return parts.isEmpty ? nil : "the database cannot be written to the end: \(parts.joined(separator: "; "))"
  }
}
