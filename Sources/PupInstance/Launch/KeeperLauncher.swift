internal import CLinux
internal import Glibc
internal import PupSystem

/// Turns `pup run` into the keeper: everything is prepared and open, then this process is replaced.
package struct KeeperLauncher: Sendable {
  package var paths: StoragePaths
  package var files: RuntimeFiles
  package var programs: ProgramFiles
  package var lock: Int32
  package var cgroupBase: String
  /// The soft limit as it was; the children get it back.
  package var openFiles: UInt64

  package init(paths: StoragePaths, files: RuntimeFiles, programs: ProgramFiles, lock: Int32) {
    self.paths = paths
    self.files = files
    self.programs = programs
    self.lock = lock
    let header = (try? StateFile(descriptor: files.state))?.readHeader() ?? StateHeader()
    let name = RuntimeFiles.hash(paths.data)
    cgroupBase = CgroupBase.existing(header).map { CgroupBase.reach($0, name: name) } ?? CgroupBase.make(name: name)
    CgroupLeaf.enter(beside: cgroupBase)
    var soft: UInt64 = 0
    var hard: UInt64 = 0
    _ = pup_open_file_limits(&soft, &hard)
    openFiles = soft
    // A pipe end or two, a pidfd and a cgroup's files for each program: the soft limit of 1 024 is meant for select(2).
    _ = pup_set_open_file_limits(hard, hard)
  }

  /// How many descriptors the keeper needs for so many programs, and how many it may have.
  package static func descriptorNeed(processes: Int) -> (needed: UInt64, allowed: UInt64) {
    var soft: UInt64 = 0
    var hard: UInt64 = 0
    _ = pup_open_file_limits(&soft, &hard)
    return (UInt64(processes) * 6 + 64, hard)
  }

  /// Does not return when it succeeds.
  package func exec() -> InstanceError {
    InstanceLock.recordOwner(lock)
    let inherited = [
      files.instance, files.state, files.streams, files.sinks, lock, programs.keeper, programs.brain, programs.initProcess,
    ]
    for descriptor in inherited { _ = pup_set_cloexec(descriptor, false) }
    let words = [
      "pup-keeper", "--instance", "\(files.instance)", "--state", "\(files.state)", "--streams", "\(files.streams)", "--sinks",
      "\(files.sinks)", "--lock", "\(lock)", "--rows", "\(files.rows)", "--keeper", "\(programs.keeper)", "--brain",
      "\(programs.brain)", "--init", "\(programs.initProcess)", "--programs", programs.directory, "--runtime", files.directory,
      "--pointer", paths.pointerFile,
      "--cgroup", cgroupBase,
      "--open-files", "\(openFiles)",
    ]
    let code = CommandWords.withPointers(words) { pup_exec_descriptor(programs.keeper, $0, environ) }
    return InstanceError(.system, "exec \(programs.directory)/pup-keeper: \(String(cString: pup_error_text(-code)))")
  }
}
