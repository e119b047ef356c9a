internal import CLinux
internal import Glibc
internal import PupBasics
internal import PupTestSupport
internal import Testing

/// A build in which every format has one field more, in place of this one and back again: `testbrain` with a mark at its end is
/// that build.
extension Integration.UpgradeTests {
  /// Each ends by itself, with a code of its own, while an upgrade is under way.
  private static let enders = (0..<4).map { number in
    "{ id: 'ender-\(number)', cmd: '\(Machine.child) --after 400 --exit \(40 + number)', logger: { console: false } },"
  }

  private static var withEnders: String {
    configuration.replacing("processes: [", with: "processes: [ " + enders.joined(separator: "\n"))
  }

  @Test(.timeLimit(.minutes(5)), arguments: [false, true])
  func theBuildAfterThisOneTakesOverAndHandsBack(startsWithLater: Bool) throws {
    try Pup.test(Self.withEnders) { pup in
      try install(ahead: startsWithLater ? 1 : 0, pup)
      try pup.run()
      for id in ["flood", "packets"] { try pup.reach(id, "running") }
      let keeper = try pup.keeperPid()
      let before = [try pup.pid("flood"), try pup.pid("packets")]
      for number in 0..<4 {
        let old = pup.brain
        try install(ahead: (number % 2 == 0) != startsWithLater ? 1 : 0, pup)
        #expect(try pup.tell("start", "ender-\(number)") == "accepted")
        Processes.kill(keeper, SIGUSR2)
        try pup.awaitBrain()
        #expect(Processes.waitForEnd(old, seconds: 5))
        try pup.awaitSupervision()
        #expect(Processes.target(ofLink: "/proc/\(pup.brain)/exe") == pup.path("libexec/pup-supervisor"))
        try awaitKeeper(pup.path("libexec/pup-keeper"), keeper, pup)
        #expect(try stateVersion(pup) == ((number % 2 == 0) != startsWithLater ? 2 : 1))
        try pup.reach("ender-\(number)", "failed")
        #expect(try pup.status("ender-\(number)").exit == "\(40 + number)")
        #expect(try pup.status("ender-\(number)").restarts == 0)
      }
      #expect([try pup.pid("flood"), try pup.pid("packets")] == before)
      // Once more without an upgrade: a brain of either build finds what the last one wrote.
      Processes.kill(pup.brain)
      try pup.awaitBrain()
      try pup.awaitSupervision()
      #expect(try pup.status("ender-0").exit == "40")
      try checkCrasher(pup)
      try pup.stop()
      try check(pup)
      #expect(!pup.complaints.contains("not understood") && !pup.complaints.contains("refused"), "\(pup.complaints)")
    }
  }

  /// Of one release, in which program, and what is said then.
  private static let refusals: [(inForce: Int, keeper: Int, supervisor: Int, words: String)] = [
    (
      0, 2, 2,
      "the new pup-keeper cannot run here (it reads the state of the keeper in versions 2 to 3, and this keeper writes version 1"
    ),
    (0, 0, 2, "speaks protocol versions 2 to 3 and this keeper version 1"),
    (2, 0, 0, "speaks protocol version 1 and this keeper versions 2 to 3"),
  ]

  /// Two releases apart nobody can speak with the other, which is said with the versions of both, and all stays as it is.
  @Test(.timeLimit(.minutes(5)), arguments: [0, 1, 2]) func buildsThatAreTooFarApartRefuseEachOtherByName(row: Int) throws {
    let (inForce, newKeeper, newSupervisor, words) = Self.refusals[row]
    try Pup.test(Self.configuration) { pup in
      try install(ahead: inForce, pup)
      try pup.run()
      try pup.reach("flood", "running")
      let (keeper, old, flood) = (try pup.keeperPid(), pup.brain, try pup.pid("flood"))
      let executable = Processes.target(ofLink: "/proc/\(keeper)/exe")
      try install(ahead: newKeeper, in: ["libexec/pup-keeper"], pup)
      try install(ahead: newSupervisor, in: ["libexec/pup-supervisor"], pup)
      Processes.kill(keeper, SIGUSR2)
      try pup.waitForComplaint(words)
      #expect(pup.complaints.contains("upgrade refused: "))
      #expect(pup.complaints.contains("everything stays as it was"))
      #expect(Processes.isAlive(old))
      try restartWorker(pup)
      #expect(Processes.target(ofLink: "/proc/\(keeper)/exe")?.hasPrefix(executable ?? "-") == true)
      #expect(try pup.pid("flood") == flood)
      try checkCrasher(pup)
      try pup.stop()
      try check(pup)
    }
  }

  /// What `pup run` wrote, and what nothing has changed since, is read by every build that follows.
  @Test(.timeLimit(.minutes(5))) func threeReleasesOneAfterTheOther() throws {
    try Pup.test(Self.configuration) { pup in
      try install(ahead: 0, pup)
      try pup.run()
      for id in ["flood", "packets", "worker"] { try pup.reach(id, "running") }
      let keeper = try pup.keeperPid()
      let before = [try pup.pid("flood"), try pup.pid("packets")]
      for ahead in [1, 2, 1, 0] {
        let old = pup.brain
        try install(ahead: ahead, pup)
        Processes.kill(keeper, SIGUSR2)
        try pup.awaitBrain()
        #expect(Processes.waitForEnd(old, seconds: 5))
        try pup.awaitSupervision()
        try awaitKeeper(pup.path("libexec/pup-keeper"), keeper, pup)
        #expect(try stateVersion(pup) == UInt16(ahead + 1))
        #expect([try pup.pid("flood"), try pup.pid("packets")] == before)
      }
      try checkCrasher(pup)
      try pup.stop()
      try check(pup)
      #expect(!pup.complaints.contains("refused"), "\(pup.complaints)")
    }
  }

  // MARK: What must not be guessed

  private static let refusal =
    "description of the instance: written in version 2, which needs a reader of version 2 or later; this build reads version 1"

  /// A later build may say that none before it reads what it writes.
  @Test(.timeLimit(.minutes(5))) func aBuildThatMustNotGuessIsRefusedByNameAndTheOneBeforeComesBack() throws {
    try Pup.test(Self.configuration) { pup in
      try install(ahead: 1, needed: true, pup)
      try pup.run()
      try pup.reach("flood", "running")
      let (keeper, flood, old) = (try pup.keeperPid(), try pup.pid("flood"), pup.brain)
      try install(ahead: 0, in: ["libexec/pup-supervisor"], pup)
      Processes.kill(keeper, SIGUSR2)
      try pup.waitForComplaint(
        "upgrade refused: the new supervisor could not take over (cannot take over: \(Self.refusal)); back")
      try pup.awaitBrain()
      try pup.awaitSupervision()
      #expect(pup.brain != old)
      #expect(try pup.pid("flood") == flood)
      try restartWorker(pup)
      try checkCrasher(pup)
      try pup.stop()
      try check(pup)
    }
  }

  /// Nothing that a later build has left is used, or removed, where it must not be guessed at.
  @Test(.timeLimit(.minutes(5)), arguments: [true, false]) func theNextRunRefusesItByNameAndKeepsIt(hasPointer: Bool) throws {
    try Pup.test(Self.configuration) { pup in
      try install(ahead: 1, needed: true, pup)
      try pup.run()
      try pup.reach("flood", "running")
      let flood = try pup.pid("flood")
      try pup.killKeeperAndBrain()
      guard let runtime = Files.lines("\(pup.temporary)/.main.keep").first else { throw Failure("no pointer file") }
      if !hasPointer { unlink("\(pup.temporary)/.main.keep") }
      let files = Files.names(in: runtime).sorted()
      try install(ahead: 0, in: ["libexec/pup-supervisor", "libexec/pup-keeper", "pup"], pup)
      for command in ["run", "sweep"] {
        let refused = try pup.command([command])
        #expect(refused.code == 76, "\(command): \(refused)")
        #expect(refused.error.contains(": written in version 2, which needs a reader of version 2 or later"), "\(refused.error)")
      }
      #expect(Files.names(in: runtime).sorted() == files)
      #expect(Processes.isAlive(flood))
      try install(ahead: 1, needed: true, pup)
      try pup.run()
      #expect(try pup.pid("flood") == flood)
      try pup.stop()
      try check(pup)
    }
  }

  /// Without an upgrade there is none that could come back: the keeper waits for one instead of trying for ever.
  @Test(.timeLimit(.minutes(5))) func aSupervisorThatRefusesIsNotStartedAgainAndAgain() throws {
    try Pup.test(Self.configuration) { pup in
      try install(ahead: 0, pup)
      try pup.run()
      try pup.reach("flood", "running")
      let (keeper, flood) = (try pup.keeperPid(), try pup.pid("flood"))
      guard let folder = Files.lines("\(pup.temporary)/.main.keep").first else { throw Failure("no pointer file") }
      try setVersion(2, ofInstanceIn: folder)
      Processes.kill(pup.brain)
      try pup.waitForComplaint("no supervisor is in charge, and none is started again: cannot take over: \(Self.refusal)")
      let status = try pup.command(["status"])
      #expect(status.code == 69 && status.error.contains(Self.refusal), "\(status)")
      #expect(status.error.contains("pup upgrade") && status.error.contains("kill \(keeper)"), "\(status)")
      #expect(Processes.isAlive(flood))
      #expect(pup.complaints.split(separator: "\n").count { $0.contains("none is started again") } == 1)
      // What fits comes with an upgrade.
      try setVersion(1, ofInstanceIn: folder)
      Processes.kill(keeper, SIGUSR2)
      try pup.awaitBrain()
      try pup.awaitSupervision()
      #expect(try pup.pid("flood") == flood)
      #expect(try pup.command(["status"]).code == 0)
      #expect(!Files.exists("\(folder)/refusal"))
      try restartWorker(pup)
      try checkCrasher(pup)
      try pup.stop()
      try check(pup)
    }
  }

  private func setVersion(_ version: UInt16, ofInstanceIn folder: String) throws {
    let file = pup_open("\(folder)/instance", O_RDWR, 0)
    guard file >= 0 else { throw Failure("open instance") }
    defer { close(file) }
    var writer = ByteWriter()
    FormatVersion(written: version, needed: version).write(to: &writer)
    guard pwrite(file, writer.bytes, writer.bytes.count, 0) == writer.bytes.count else { throw Failure("pwrite", code: errno) }
  }

  // MARK: -

  /// The supervisor has been replaced already; the keeper follows it. Each restart needs the keeper.
  private func awaitKeeper(_ executable: String, _ keeper: Int32, _ pup: Pup) throws {
    let deadline = Deadline(seconds: 10)
    while Processes.target(ofLink: "/proc/\(keeper)/exe") != executable {
      guard !deadline.hasPassed else { throw Failure("the keeper has not been replaced") }
      try restartWorker(pup)
    }
    try restartWorker(pup)
  }

  /// Of the build that wrote the state file's header last: the test tests something.
  private func stateVersion(_ pup: Pup) throws -> UInt16 {
    guard let folder = Files.lines("\(pup.temporary)/.main.keep").first, let bytes = Files.bytes("\(folder)/state") else {
      throw Failure("no state file")
    }
    var newest: (counter: UInt64, version: UInt16) = (0, 0)
    var head = ByteReader(bytes[4...])
    let half = Int(try head.get(UInt32.self))
    for which in 0...1 {
      // Magic and length of a half, then its counter, its checksum and the length of the content, which starts with its version.
      var reader = ByteReader(bytes[(which * half + 8)...])
      let counter = try reader.get(UInt64.self)
      try reader.skip(8 + 4)
      if counter > newest.counter { newest = (counter, try reader.get()) }
    }
    return newest.version
  }

  /// All of Pup's programs, of this build or of one that is so many releases ahead.
  /// - Parameter needed: no build before that one may read what it writes.
  private func install(
    ahead: Int, needed: Bool = false, in places: [String] = ["libexec/pup-supervisor", "libexec/pup-keeper", "pup"], _ pup: Pup
  ) throws {
    guard let bytes = Files.bytes("\(Machine.binaries)/testbrain") else { throw Failure("no testbrain") }
    let mark = ahead > 0 ? Array("pup: a later build, by \(ahead)\(needed ? "!" : ".")".utf8) : []
    for name in places {
      unlink(pup.path(name))
      try Files.write(bytes + mark, to: pup.path(name), mode: 0o755)
    }
    pup.program = pup.path("pup")
  }
}
