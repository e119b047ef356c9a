internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupBasics
internal import PupSystem

/// The executables of an upgrade, opened. Owns its descriptors.
struct Upgrade {
  struct Refusal: Error {
    var reason: String

    init(_ reason: String) { self.reason = reason }
  }

  let supervisor: Int32
  /// Nil where the one in force is the one that is installed.
  let keeper: Int32?
  let initProgram: Int32?
  /// Those that have not answered yet.
  private(set) var checks: [ProgramCheck] = []
  /// What those that are new have answered.
  private var reads: [ProgramCheck.Program: ReadableVersions] = [:]

  private init(supervisor: Int32, keeper: Int32?, initProgram: Int32?) {
    (self.supervisor, self.keeper, self.initProgram) = (supervisor, keeper, initProgram)
  }

  /// Opens what is installed.
  init(programs: String, inForce: KeeperArguments) throws(Refusal) {
    var opened: [Int32] = []
    func open(_ name: String) throws(Refusal) -> Int32 {
      let path = "\(programs)/\(name)"
      let descriptor = pup_open(path, O_RDONLY, 0)
      if descriptor >= 0 { opened.append(descriptor) }
      guard descriptor >= 0, ElfExtent.isWhole(descriptor) else {
        for descriptor in opened { Glibc.close(descriptor) }
        throw Refusal("\(path): \(descriptor < 0 ? String(cString: pup_error_text(-descriptor)) : "the file is cut off")")
      }
      return descriptor
    }
    func other(_ name: String, than old: Int32) throws(Refusal) -> Int32? {
      let descriptor = try open(name)
      var (before, now) = (pup_file_identity(), pup_file_identity())
      guard pup_identity(old, &before) == 0, pup_identity(descriptor, &now) == 0, before.inode == now.inode,
        before.device == now.device
      else { return descriptor }
      opened.removeLast()
      Glibc.close(descriptor)
      return nil
    }
    supervisor = try open(SupervisorArguments.program)
    keeper = try other(KeeperArguments.program, than: inForce.keeperExecutable)
    initProgram = try other("pup-init", than: inForce.initExecutable)
  }

  // MARK: Checks

  mutating func startChecks() throws(Refusal) {
    for (program, executable) in [(ProgramCheck.Program.keeper, keeper), (.initProgram, initProgram)] {
      guard let executable else { continue }
      do throws(StartFailure) {
        checks.append(try ProgramCheck(program, executable))
      } catch {
        throw Refusal("the new \(program.name) cannot be tried: \(error)")
      }
    }
  }

  /// Takes those that have ended.
  /// - Returns: what one that did not answer rightly says about the upgrade.
  mutating func settleChecks(_ unwatch: (Int32) -> Void) -> Refusal? {
    var refusal: Refusal?
    var answers = reads
    checks.removeAll { check in
      guard let verdict = check.verdict() else { return false }
      switch verdict {
      case .passed(let versions): answers[check.program] = versions
      case .failed(let reason): refusal = refusal ?? Refusal("the new \(check.program.name) cannot run here (\(reason))")
      }
      unwatch(check.pidfd)
      check.close()
      return true
    }
    reads = answers
    return refusal
  }

  /// Why these programs do not fit each other, or what is in use; nil where they do.
  /// - Parameters:
  ///   - hello: of the new supervisor.
  ///   - agreed: the protocol that it speaks with this keeper, and will go on to speak with the new one.
  func objection(to hello: Hello, agreed: UInt16, ledger: FormatVersion) -> Refusal? {
    let objection =
      reads[.keeper]?.objection(agreed: agreed, written: hello.specification, ledger: ledger)
      ?? reads[.initProgram]?.objection(written: hello.specification)
    return objection.map { Refusal($0) }
  }

  mutating func killLate(_ now: Int64) {
    for index in checks.indices where checks[index].deadline <= now {
      _ = pup_pidfd_signal(checks[index].pidfd, SIGKILL)
      checks[index].deadline = now + Keeper.second
    }
  }

  // MARK: In force

  /// Puts these executables in the place of those in force.
  /// - Returns: what was there before.
  func exchange(with arguments: inout KeeperArguments) -> Upgrade? {
    let before = Upgrade(
      supervisor: arguments.brainExecutable, keeper: keeper == nil ? nil : arguments.keeperExecutable,
      initProgram: initProgram.map { Self.exchangeKeepingNumber($0, &arguments.initExecutable) })
    arguments.brainExecutable = supervisor
    if let keeper { arguments.keeperExecutable = keeper }
    return before
  }

  /// The number of pup-init's descriptor stands on this process's command line, where `pup upgrade --check` finds it.
  private static func exchangeKeepingNumber(_ new: Int32, _ place: inout Int32) -> Int32 {
    let number = place
    let before = pup_duplicate(number, 3)
    guard number >= 0, before >= 0, dup2(new, number) >= 0 else {
      if before >= 0 { Glibc.close(before) }
      place = new
      return number
    }
    _ = pup_set_cloexec(number, true)
    Glibc.close(new)
    return before
  }

  func close() {
    for check in checks {
      _ = pup_pidfd_signal(check.pidfd, SIGKILL)
      check.close()
    }
    for descriptor in [supervisor, keeper ?? -1, initProgram ?? -1] where descriptor >= 0 { Glibc.close(descriptor) }
  }
}
