internal import PupCore
internal import PupLogs
package import PupSystem

/// Descriptors that outlive this brain: the keeper holds them and hands them to the next one.
extension Daemon {
  /// Has the keeper hold a descriptor under this name from now on, in place of an older one, which is closed.
  /// - Returns: false when the keeper would refuse it.
  @discardableResult
  package func keep(_ descriptor: Descriptor, name: String) -> Bool {
    guard !name.isEmpty, name.utf8.count <= BrainMessage.keptNameLimit,
      kept[name] != nil || kept.count < BrainMessage.keptLimit
    else { return false }
    if let old = kept[name], old !== descriptor { old.close() }
    kept[name] = descriptor
    hand(descriptor, name)
    return true
  }

  /// Closes it here and in the keeper.
  package func drop(name: String) {
    guard let descriptor = kept.removeValue(forKey: name) else { return }
    link?.send(.drop(name: name))
    descriptor.close()
  }

  /// A new keeper knows none of them.
  func handKeptOver() {
    for (name, descriptor) in kept { hand(descriptor, name) }
  }

  private func hand(_ descriptor: Descriptor, _ name: String) {
    guard let link else { return }
    // A message may wait for room in the socket, and by then the number could be something else's.
    do throws(SystemError) {
      link.send(.keep(name: name), owned: [try descriptor.duplicate()])
    } catch {
      log(.error, .keeper, "'\(name)' will not outlive this supervisor: \(error)")
    }
  }
}
