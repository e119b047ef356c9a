package import PupSystem

/// What a `pup run` finds before it starts anything: the programs of a Pup that is gone.
package struct Survivors: Sendable {
  package let all: [Survivor]
  private let cgroupBase: String

  /// - Parameters:
  ///   - lock: the instance's, held.
  ///   - lives: asked for a Pup that lives though its lock file is gone.
  package init(_ paths: StoragePaths, lock: Descriptor) throws(InstanceError) {
    let last = InstanceLock.lastOwner(lock.number)
    if last == .unknown { try InstanceLock.refuseLiving(paths) }
    let search = try SurvivorSearch(paths, isThorough: last != .ended)
    all = search.survivors
    cgroupBase = search.cgroupBase
  }

  /// Those of which nothing proves that they are this instance's.
  package var uncertain: [Survivor] { all.filter { $0.evidence == .hint } }

  /// Makes those known to the supervisor that the state file does not have.
  package func note(in files: RuntimeFiles) throws(InstanceError) {
    try StateRepair.add(all.filter { !$0.isNoted }, cgroupBase: cgroupBase, to: files)
  }
}
