internal import PupCore
internal import PupLogs
internal import PupSystem

/// Descriptors that outlive this brain, by name: the keeper holds them and hands them to the next one. Belongs to the control
/// loop.
final class KeptDescriptors {
  private let keeper: KeeperSession
  private let logs: BrainLogs
  /// This brain's own copies.
  private(set) var all: [String: Descriptor] = [:]

  init(_ keeper: KeeperSession, _ logs: BrainLogs) { (self.keeper, self.logs) = (keeper, logs) }

  subscript(name: String) -> Descriptor? { all[name] }

  /// What the keeper has kept for this brain.
  func take(_ given: [String: Descriptor]) { all.merge(given) { $1 } }

  /// Has the keeper hold a descriptor under this name from now on, in place of an older one, which is closed.
  /// - Returns: false when the keeper would refuse it.
  @discardableResult
  func keep(_ descriptor: Descriptor, name: String) -> Bool {
    guard !name.isEmpty, name.utf8.count <= BrainMessage.keptNameLimit,
      all[name] != nil || all.count < BrainMessage.keptLimit
    else { return false }
    if let old = all[name], old !== descriptor { old.close() }
    all[name] = descriptor
    hand(descriptor, name)
    return true
  }

  /// Closes it here and in the keeper.
  func drop(name: String) {
    guard let descriptor = all.removeValue(forKey: name) else { return }
    keeper.send(.drop(name: name))
    descriptor.close()
  }

  /// A new keeper knows none of them.
  func handOver() {
    for (name, descriptor) in all { hand(descriptor, name) }
  }

  private func hand(_ descriptor: Descriptor, _ name: String) {
    guard keeper.isOpen else { return }
    // A message may wait for room in the socket, and by then the number could be something else's.
    do throws(SystemError) {
      keeper.send(.keep(name: name), owned: [try descriptor.duplicate()])
    } catch {
      logs.log(.error, .keeper, "'\(name)' will not outlive this supervisor: \(error)")
    }
  }
}
