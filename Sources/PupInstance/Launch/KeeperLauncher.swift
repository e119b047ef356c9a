internal import CLinux
internal import Glibc
package import PupSystem

/// Turns `pup run` into the keeper: everything is prepared and open, then this process is replaced.
package struct KeeperLauncher: Sendable {
  package var paths: StoragePaths
  package var files: RuntimeFiles
  package var programs: ProgramFiles
  package var lock: Descriptor
  package var cgroupBase: String
  /// The original soft limit, which the children get back.
  package var openFiles: UInt64

  package init(paths: StoragePaths, files: RuntimeFiles, programs: ProgramFiles, lock: Descriptor) {
    self.paths = paths
    self.files = files
    self.programs = programs
    self.lock = lock
    let header = (try? StateFile(descriptor: files.state.number).readHeader()) ?? StateHeader()
    let name = RuntimeFiles.hash(paths.data)
    cgroupBase = CgroupBase.existing(header).map { CgroupBase.reach($0, name: name) } ?? CgroupBase.make(name: name)
    CgroupLeaf.enter(beside: cgroupBase)
    var soft: UInt64 = 0
    var hard: UInt64 = 0
    // It cannot fail for a process's own limits.
    _ = pup_open_file_limits(&soft, &hard)
    openFiles = soft
    // A pipe end or two, a pidfd and a cgroup's files for each program: the soft limit of 1 024 is meant for select(2). If
    // raising it is refused, the keeper works with the existing limit, and reports it when it is reached.
    _ = pup_set_open_file_limits(hard, hard)
  }

  /// How many descriptors the keeper needs for this many programs, and how many it may have.
  package static func descriptorNeed(processes: Int) -> (needed: UInt64, allowed: UInt64) {
    var soft: UInt64 = 0
    var hard: UInt64 = 0
    _ = pup_open_file_limits(&soft, &hard)
    return (UInt64(processes) * 6 + 64, hard)
  }

  /// Does not return on success.
  package func exec() -> InstanceError {
    InstanceLock.recordOwner(lock.number)
    let arguments = arguments
    // They are open, so it cannot fail.
    for descriptor in arguments.descriptors { _ = pup_set_cloexec(descriptor, false) }
    let code = CommandWords.withPointers(arguments.words) { pup_exec_descriptor(programs.keeper.number, $0, environ) }
    return InstanceError(.system, "exec \(programs.directory)/pup-keeper: \(String(cString: pup_error_text(-code)))")
  }
  private var arguments: KeeperArguments {
    var arguments = KeeperArguments()
    (arguments.instance, arguments.state) = (files.instance.number, files.state.number)
    (arguments.streams, arguments.sinks, arguments.rows) = (files.streams.number, files.sinks.number, files.rows)
    arguments.lock = lock.number
    arguments.keeperExecutable = programs.keeper.number
    arguments.brainExecutable = programs.brain.number
    arguments.initExecutable = programs.initProcess.number
    arguments.programs = programs.directory
    (arguments.runtime, arguments.pointer) = (files.directory, paths.pointerFile)
    arguments.cgroupBase = cgroupBase
    arguments.openFiles = Int(clamping: openFiles)
    return arguments
  }
}
