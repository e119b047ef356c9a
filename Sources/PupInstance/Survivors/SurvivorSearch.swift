internal import Glibc
internal import PupBasics
internal import PupSystem

/// Finds what is alive of an instance: by the state file if there is one, and by the runs themselves if it was lost.
struct SurvivorSearch {
  private let paths: StoragePaths
  private(set) var survivors: [Survivor] = []
  /// "" if there is none.
  private(set) var cgroupBase = ""

  /// The shared files' folder; nil if it was lost, or never existed.
  let directory: String?

  /// - Parameter isThorough: also searches beyond the state file: needed unless the last Pup ended cleanly.
  init(_ paths: StoragePaths, isThorough: Bool) throws(InstanceError) {
    self.paths = paths
    directory = try RuntimeFiles.existingDirectory(paths)
    var isNoted = false
    if let directory { isNoted = try readState(in: directory) }
    if cgroupBase.isEmpty, isThorough || isNoted { cgroupBase = CgroupSearch.folders(named: baseName).first ?? "" }
    lookInCgroups()
    guard isThorough else { return }
    let programs = ProcFiles.programs()
    lookForMarks(among: programs)
    if !isNoted { lookForHints(among: programs) }
  }

  private var baseName: String { "pup-" + RuntimeFiles.hash(paths.data) }

  // MARK: - The state file

  /// - Returns: whether a supervisor has written one.
  private mutating func readState(in directory: String) throws(InstanceError) -> Bool {
    let file: Descriptor
    do throws(OwnershipProblem) {
      file = try OwnFolder(directory).open("state", O_RDONLY)
    } catch {
      throw InstanceError(error)
    }
    guard let state = try? StateFile(descriptor: file.number) else { return false }
    do throws(FormatError) {
      return try readState(state, in: directory)
    } catch {
      throw InstanceError.otherVersion("\(directory)/state", error)
    }
  }

  private mutating func readState(_ state: StateFile, in directory: String) throws(FormatError) -> Bool {
    let header = try state.readHeader()
    guard header.begun, header.bootID == RuntimeFiles.bootID else { return false }
    if PathText.name(of: header.cgroupBase) == baseName, CgroupSearch.isOwn(header.cgroupBase) {
      cgroupBase = header.cgroupBase
    }
    for slot in 0..<state.capacity {
      guard let content = try state.read(slot: slot) else { continue }
      for run in content.runs {
        guard let survivor = survivor(content.process, run, slot: UInt32(slot), directory), !survivor.members.isEmpty else {
          continue
        }
        survivors.append(survivor)
      }
    }
    return true
  }

  /// A pid and a start time in a file prove nothing: the process itself has to show whose it is.
  private func survivor(_ process: String, _ run: RunRecord, slot: UInt32, _ directory: String) -> Survivor? {
    var survivor = Survivor(process: process, run: run, slot: slot, evidence: .proof, isNoted: true)
    let mark = InitMark.word(runtime: directory, key: EntryKey(slot: slot, generation: run.generation))
    survivor.cgroup = ownCgroup(RunRecord.cgroupName(process: process, generation: run.generation))
    if run.initPid > 0 {
      if ProcFiles.stat(of: run.initPid)?.startTime == run.initStartTime, InitMark.carries(mark, run.initPid) {
        if !survivor.isInCgroup(run.initPid) { survivor.cgroup = nil }
        return survivor
      }
      // The pup-init was killed; its program may be alive.
      survivor.run.initPid = 0
      if survivor.isInCgroup(run.pid) { return survivor }
      survivor.cgroup = nil
    } else if run.pid == 0, let found = InitMark.find(mark), survivor.cgroup == nil || survivor.isInCgroup(found.pid) {
      // Neither was reported: the keeper died right after it had started the run.
      survivor.adopt(found.pid, startTime: found.startTime)
      return survivor
    } else if survivor.cgroup != nil {
      return survivor
    } else if run.pid == 0 {
      return nil
    }
    guard ProcFiles.user(of: run.pid) == geteuid() else { return nil }
    let environment = RunEnvironment(of: run.pid)
    // Nothing marks it any more. The file and the process's own environment agree: enough to take it over, and to end it.
    survivor.evidence = environment?.data == paths.data && environment?.process == process ? .proof : .hint
    return survivor
  }

  /// The folder of a run's own cgroup, if there is one.
  private func ownCgroup(_ name: String) -> String? {
    guard !cgroupBase.isEmpty else { return nil }
    let folder = "\(cgroupBase)/\(name)"
    return CgroupSearch.isOwn(folder) ? folder : nil
  }

  // MARK: - The runs themselves

  private mutating func lookInCgroups() {
    guard !cgroupBase.isEmpty else { return }
    for name in FolderNames.list(cgroupBase) ?? [] {
      let folder = "\(cgroupBase)/\(name)"
      guard !survivors.contains(where: { $0.cgroup == folder }), CgroupSearch.isOwn(folder), let run = Self.run(named: name)
      else { continue }
      let survivor = Survivor(process: run.process, run: run.record, cgroup: folder, evidence: .proof, isNoted: false)
      // A Pup in a container may have the same paths.
      if !survivor.members.contains(where: ProcFiles.isInAnotherNamespace) { append(survivor) }
    }
  }

  private mutating func lookForMarks(among programs: [Int32]) {
    for found in InitMark.all(runtimes: RuntimeFiles.possibleDirectories(paths), among: programs) {
      guard !survivors.contains(where: { $0.run.initPid == found.pid }), let run = Self.run(named: found.name) else { continue }
      // A run may have both.
      if let index = survivors.firstIndex(where: { $0.run.initPid == 0 && $0.isInCgroup(found.pid) }) {
        if !survivors[index].isNoted {
          survivors[index].slot = found.key.slot
          survivors[index].adopt(found.pid, startTime: found.startTime)
        }
        continue
      }
      var survivor = Survivor(process: run.process, run: run.record, slot: found.key.slot, evidence: .proof, isNoted: false)
      survivor.adopt(found.pid, startTime: found.startTime)
      append(survivor)
    }
  }

  /// Sessions whose processes carry this instance's variables.
  private mutating func lookForHints(among programs: [Int32]) {
    var known = Set(survivors.flatMap { $0.members + [$0.run.initPid] })
    // A user who runs this command from such a program is not what it looks for.
    known.formUnion(Self.ancestors)
    var sessions: Set<Int32> = []
    for pid in programs where !known.contains(pid) && ProcFiles.mayBeOwn(pid) {
      guard let environment = RunEnvironment(of: pid), environment.data == paths.data, ProcFiles.user(of: pid) == geteuid(),
        let stat = ProcFiles.stat(of: pid),
        stat.state != UInt8(ascii: "Z"), stat.session > 0, !known.contains(stat.session), !ProcFiles.isInAnotherNamespace(pid),
        sessions.insert(stat.session).inserted
      else { continue }
      var run = RunRecord(
        generation: UInt32(sessions.count), rowOut: RunRecord.noRow, rowErr: RunRecord.noRow, graceNanoseconds: 0,
        timeoutNanoseconds: Self.timeout)
      let leader = ProcFiles.stat(of: stat.session) == nil ? pid : stat.session
      run.pid = leader
      run.startTime = ProcFiles.stat(of: leader)?.startTime ?? 0
      append(Survivor(process: environment.process, run: run, evidence: .hint, isNoted: false))
    }
  }

  private mutating func append(_ survivor: Survivor) { if !survivor.members.isEmpty { survivors.append(survivor) } }

  /// The configuration's default: the run's own value is unknown.
  private static let timeout: UInt64 = 30_000_000_000

  /// Of "<process>.<generation>".
  private static func run(named name: String) -> (process: String, record: RunRecord)? {
    guard let dot = name.lastIndex(of: "."), let generation = UInt32(name[name.index(after: dot)...]), dot > name.startIndex
    else { return nil }
    let record = RunRecord(
      generation: generation, rowOut: RunRecord.noRow, rowErr: RunRecord.noRow, graceNanoseconds: 0, timeoutNanoseconds: timeout)
    return (String(name[..<dot]), record)
  }

  private static var ancestors: Set<Int32> {
    var found: Set<Int32> = []
    var next = getpid()
    while next > 0, found.insert(next).inserted {
      guard let stat = ProcFiles.stat(of: next) else { break }
      found.insert(stat.session)
      next = stat.parent
    }
    return found
  }
}
