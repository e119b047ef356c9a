internal import PupInstance
internal import PupSystem

/// The instance's lock: the one that the keeper was started with, or the one that has replaced it since. Belongs to the control
/// loop.
struct InstanceLockInForce {
  /// The keeper's name for a lock that replaces the one it was started with.
  private static let name = "instance.lock"

  private let keeper: KeeperSession
  private let kept: KeptDescriptors

  init(_ keeper: KeeperSession, _ kept: KeptDescriptors) { (self.keeper, self.kept) = (keeper, kept) }

  /// What is locked now; -1 for nothing.
  var number: Int32 {
    let first = keeper.held.count > WelcomeDescriptor.lock.rawValue ? keeper.held[WelcomeDescriptor.lock.rawValue] : nil
    return (kept[Self.name] ?? first)?.number ?? -1
  }

  /// Nobody else can have it as long as this supervisor, or its keeper, lives.
  func replace(with lock: Descriptor) { kept.keep(lock, name: Self.name) }

  /// After the end another Pup may have the instance.
  func forgetOwner() { if number >= 0 { InstanceLock.forgetOwner(number) } }
}
