internal import CLinux
internal import Glibc
internal import PupBasics
internal import PupSystem

/// The executables of an upgrade, opened, and what is known of them.
struct Upgrade {
  struct Refusal: Error {
    var reason: String

    init(_ reason: String) { self.reason = reason }
  }

  let supervisor: Descriptor
  /// Nil where the one in force is the one that is installed.
  let keeper: Descriptor?
  let initProgram: Descriptor?
  /// Those that have not answered yet.
  private(set) var checks: [ProgramCheck] = []
  /// What those that are new have answered.
  private var reads: [ProgramCheck.Program: ReadableVersions] = [:]

  private init(supervisor: Descriptor, keeper: Descriptor?, initProgram: Descriptor?) {
    (self.supervisor, self.keeper, self.initProgram) = (supervisor, keeper, initProgram)
  }

  /// Opens what is installed.
  init(programs: String, inForce: KeeperArguments) throws(Refusal) {
    func open(_ name: String) throws(Refusal) -> Descriptor {
      let path = "\(programs)/\(name)"
      let opened = pup_open(path, O_RDONLY, 0)
      guard opened >= 0 else { throw Refusal("\(path): \(String(cString: pup_error_text(-opened)))") }
      let file = Descriptor(opened)
      guard ElfExtent.isWhole(opened) else { throw Refusal("\(path): the file is cut off") }
      return file
    }
    func other(_ name: String, than old: Int32) throws(Refusal) -> Descriptor? {
      let file = try open(name)
      var (before, now) = (pup_file_identity(), pup_file_identity())
      guard pup_identity(old, &before) == 0, pup_identity(file.number, &now) == 0, before.inode == now.inode,
        before.device == now.device
      else { return file }
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
        checks.append(try ProgramCheck(program, executable.number))
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
      unwatch(check.pidfd.number)
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
    for index in checks.indices { checks[index].killIfLate(now) }
  }

  /// Nobody waits for their answers any more.
  func endChecks() {
    for check in checks { check.kill() }
  }

  // MARK: In force

  /// Puts these executables in the place of those in force.
  /// - Returns: what was there before.
  func exchange(with arguments: inout KeeperArguments) -> Upgrade {
    let before = Upgrade(
      supervisor: Descriptor(arguments.brainExecutable), keeper: keeper.map { _ in Descriptor(arguments.keeperExecutable) },
      initProgram: initProgram.map { Self.exchangeKeepingNumber($0, &arguments.initExecutable) })
    arguments.brainExecutable = supervisor.take()
    if let keeper { arguments.keeperExecutable = keeper.take() }
    return before
  }

  /// The number of pup-init's descriptor stands on this process's command line, where `pup upgrade --check` finds it.
  private static func exchangeKeepingNumber(_ new: Descriptor, _ place: inout Int32) -> Descriptor {
    let number = place
    let before = Descriptor(pup_duplicate(number, 3))
    guard number >= 0, before.isOpen, dup2(new.number, number) >= 0 else {
      place = new.take()
      return Descriptor(number)
    }
    CloseOnExec.set([number])
    new.close()
    return before
  }
}
