import Glibc
import PupSystem
import PupTestSupport
import Testing

@testable import PupKeeper

/// The executables of an upgrade take the place of those in force, and go back.
@Suite struct UpgradeExchangeTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["pup-supervisor", "pup-keeper", "pup-init"] { _ = try folder.write(name) }
  }

  private func open(_ name: String) throws -> Int32 {
    let descriptor = Glibc.open(folder.at(name), O_RDONLY | O_CLOEXEC)
    try #require(descriptor >= 0)
    return descriptor
  }

  private func inode(_ descriptor: Int32) throws -> UInt64 {
    var status = stat()
    try #require(fstat(descriptor, &status) == 0)
    return UInt64(status.st_ino)
  }

  private func inForce() throws -> KeeperArguments {
    var arguments = KeeperArguments()
    arguments.brainExecutable = try open("pup-supervisor")
    arguments.keeperExecutable = try open("pup-keeper")
    arguments.initExecutable = try open("pup-init")
    return arguments
  }

  private func close(_ arguments: KeeperArguments) {
    for descriptor in [arguments.brainExecutable, arguments.keeperExecutable, arguments.initExecutable] {
      #expect(Glibc.close(descriptor) == 0)
    }
  }

  /// As an installation does: the old file lives on where it is open.
  private func replace(_ name: String) throws {
    try #require(rename(try folder.write(name + ".new"), folder.at(name)) == 0)
  }

  @Test func everythingIsExchangedAndGoesBack() throws {
    var arguments = try inForce()
    let before = arguments
    let inodes = try [before.brainExecutable, before.keeperExecutable, before.initExecutable].map(inode)
    for name in ["pup-supervisor", "pup-keeper", "pup-init"] { try replace(name) }
    let upgrade = try Upgrade(programs: folder.path, inForce: arguments)
    let older = upgrade.exchange(with: &arguments)
    #expect(arguments.initExecutable == before.initExecutable, "its number stands on the command line")
    #expect(fcntl(arguments.initExecutable, F_GETFD) == FD_CLOEXEC)
    let new = try [arguments.brainExecutable, arguments.keeperExecutable, arguments.initExecutable].map(inode)
    #expect(Set(new).isDisjoint(with: inodes))
    #expect(older.keeper != nil && older.initProgram != nil)
    let failed = older.exchange(with: &arguments)
    #expect(try [arguments.brainExecutable, arguments.keeperExecutable, arguments.initExecutable].map(inode) == inodes)
    #expect(try [failed.supervisor, failed.keeper, failed.initProgram].compactMap { $0 }.map { try inode($0.number) } == new)
    close(arguments)
  }

  @Test func whatIsTheSameStays() throws {
    var arguments = try inForce()
    let before = arguments
    try replace("pup-supervisor")
    let upgrade = try Upgrade(programs: folder.path, inForce: arguments)
    #expect(upgrade.keeper == nil && upgrade.initProgram == nil)
    let older = upgrade.exchange(with: &arguments)
    #expect(older.keeper == nil && older.initProgram == nil)
    #expect(arguments.keeperExecutable == before.keeperExecutable && arguments.initExecutable == before.initExecutable)
    #expect(arguments.brainExecutable != before.brainExecutable)
    #expect(older.supervisor.number == before.brainExecutable)
    close(arguments)
  }

  @Test func oneThatIsMissingIsNamed() throws {
    let arguments = try inForce()
    defer { close(arguments) }
    #expect(unlink(folder.at("pup-init")) == 0)
    do throws(Upgrade.Refusal) {
      _ = try Upgrade(programs: folder.path, inForce: arguments)
      Issue.record("there is no pup-init")
    } catch {
      #expect(error.reason == "\(folder.at("pup-init")): No such file or directory")
    }
  }
}
