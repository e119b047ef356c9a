package import PupSystem

/// What `pup run` finds before it starts anything: the programs of a Pup that is gone.
package struct Survivors: Sendable {
  package let all: [Survivor]
  private let cgroupBase: String

  /// - Parameters:
  ///   - lock: the instance's, held.
  ///   - lives: looks for a Pup that is running although its lock file is gone.
  package init(_ paths: StoragePaths, lock: Descriptor) throws(InstanceError) {
    let last = InstanceLock.lastOwner(lock.number)
    if last == .unknown { try InstanceLock.refuseLiving(paths) }
    let search = try SurvivorSearch(paths, isThorough: last != .ended)
    all = search.survivors
    cgroupBase = search.cgroupBase
  }

  /// Those that cannot be proven to be this instance's.
  package var uncertain: [Survivor] { all.filter { $0.evidence == .hint } }

  /// Adds to the state file the ones that it lacks, so that the supervisor knows them.
  package func note(in files: RuntimeFiles) throws(InstanceError) {
    try StateRepair.add(all.filter { !$0.isNoted }, cgroupBase: cgroupBase, to: files)
  }
}
