internal import CLinux
internal import Glibc
internal import PupCore
internal import PupLogs
internal import PupSystem

/// Descriptors that outlive this brain: the keeper holds them and hands them to the next one.
extension Daemon {
  /// Has the keeper hold a descriptor under this name from now on, in place of an older one; `descriptor` belongs to `kept` then.
  /// - Returns: false when the keeper would refuse it; `descriptor` stays the caller's.
  @discardableResult
  package func keep(_ descriptor: Int32, name: String) -> Bool {
    guard !name.isEmpty, name.utf8.count <= BrainMessage.keptNameLimit,
      kept[name] != nil || kept.count < BrainMessage.keptLimit
    else { return false }
    if let old = kept[name], old != descriptor { close(old) }
    kept[name] = descriptor
    hand(descriptor, name)
    return true
  }

  /// Closes it here and in the keeper.
  package func drop(name: String) {
    guard let descriptor = kept.removeValue(forKey: name) else { return }
    link?.send(.drop(name: name))
    close(descriptor)
  }

  /// A new keeper knows none of them.
  func handKeptOver() {
    for (name, descriptor) in kept { hand(descriptor, name) }
  }

  private func hand(_ descriptor: Int32, _ name: String) {
    guard let link else { return }
    // A message may wait for room in the socket, and by then the number could be something else's.
    do throws(SystemError) {
      link.send(.keep(name: name), owned: [try Descriptor(pup_duplicate(descriptor, 3), "dup")])
    } catch {
      log(.error, .keeper, "'\(name)' will not outlive this supervisor: \(error)")
    }
  }
}
