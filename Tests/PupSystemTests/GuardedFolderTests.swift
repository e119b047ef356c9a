import CLinux
import Glibc
import PupTestSupport
import Testing

@testable import PupSystem

/// A file at a path from the configuration is opened only where nobody else can have led the way.
@Suite struct GuardedFolderTests {
  private static let stranger: uid_t = 54_321
  private static let isRoot: ConditionTrait = .enabled(if: geteuid() == 0, "only root can make folders of another user")

  private let temporary: TemporaryFolder
  private var root: String { temporary.path }

  init() throws { temporary = try TemporaryFolder() }

  private func folder(_ name: String, mode: mode_t = 0o755, owner: uid_t? = nil) -> String {
    let path = root + "/" + name
    mkdir(path, mode)
    chmod(path, mode)
    if let owner { chown(path, owner, owner) }
    return path
  }

  private func file(_ path: String, owner: uid_t? = nil) {
    close(pup_open(path, O_WRONLY | O_CREAT, 0o644))
    if let owner { chown(path, owner, owner) }
  }

  private func owner(_ path: String) -> uid_t? {
    var info = stat()
    return lstat(path, &info) == 0 ? info.st_uid : nil
  }

  /// Opens as a logger file is opened, and writes a byte.
  private func write(_ path: String, make: Bool = false) throws(SystemError) {
    let folder = try GuardedFolder(of: path, make: make)
    let opened = try folder.open(O_WRONLY | O_APPEND | O_CREAT, mode: 0o644)
    #expect(Glibc.write(opened.number, "x", 1) == 1)
  }

  private func errno(_ body: () throws(SystemError) -> Void) -> Int32? {
    do throws(SystemError) {
      try body()
      return nil
    } catch {
      return error.errno
    }
  }

  @Test func linksOfOursAreFollowedWhereOnlyWeCanMakeThem() throws {
    let real = folder("real")
    symlink("real", root + "/way")
    symlink(real + "/target", real + "/link")
    try write(root + "/way/link")
    #expect(access(real + "/target", F_OK) == 0)
    #expect(GuardedFolder.resolve(root + "/way/../way/./link") == real + "/target")
    symlink("loop", root + "/loop")
    #expect(errno { () throws(SystemError) in try write(root + "/loop") } == ELOOP)
  }

  @Test func theFolderIsMadeWhereItsParentIsThere() throws {
    try write(root + "/logs/a.log", make: true)
    #expect(errno { () throws(SystemError) in try write(root + "/no/logs/a.log", make: true) } == ENOENT)
    #expect(errno { () throws(SystemError) in try write(root + "/other/a.log") } == ENOENT)
    #expect(access(root + "/other", F_OK) != 0)
  }

  @Test(arguments: ["a.log", "below/a.log"]) func aLinkWhereOthersMayWriteIsRefused(name: String) throws {
    let open = folder("open", mode: 0o777)
    let target = folder("target")
    if name == "a.log" { symlink(target + "/a.log", open + "/a.log") } else { symlink(target, open + "/below") }
    #expect(errno { () throws(SystemError) in try write(open + "/" + name) } == EPERM)
    #expect(access(target + "/a.log", F_OK) != 0)
    #expect(GuardedFolder.resolve(open + "/" + name) == open + "/" + name)
    try write(open + "/b.log")
  }

  @Test func aFileWithOtherNamesWhereOthersMayWriteIsRefused() throws {
    let open = folder("open", mode: 0o777)
    file(root + "/precious")
    #expect(link(root + "/precious", open + "/a.log") == 0)
    #expect(errno { () throws(SystemError) in try write(open + "/a.log") } == EPERM)
  }

  @Test func aPipeWithoutAReaderHoldsNobodyUp() throws {
    mkfifo(root + "/pipe", 0o600)
    #expect(errno { () throws(SystemError) in try write(root + "/pipe") } == ENXIO)
  }

  @Test func whatTheKernelLinksIsFollowed() throws {
    let opened = pup_open(root + "/out", O_WRONLY | O_CREAT, 0o644)
    try write("/proc/self/fd/\(opened)")
    try write("/dev/fd/\(opened)")
    close(opened)
    var info = stat()
    #expect(stat(root + "/out", &info) == 0 && info.st_size > 0)
  }

  @Test(isRoot) func inAnothersFolderEverythingIsDoneWithHisRights() throws {
    chmod(root, 0o755)
    let his = folder("his", owner: Self.stranger)
    try write(his + "/logs/a.log", make: true)
    #expect(owner(his + "/logs") == Self.stranger)
    #expect(owner(his + "/logs/a.log") == Self.stranger)
    #expect(getuid() == 0 && access(root, W_OK) == 0)
    // A file that only root may write, reached by another name of it.
    file(root + "/precious")
    chmod(root + "/precious", 0o644)
    #expect(link(root + "/precious", his + "/b.log") == 0)
    #expect(errno { () throws(SystemError) in try write(his + "/b.log") } == EPERM)
    // One that root has made there before is still written.
    file(his + "/old.log")
    chmod(his + "/old.log", 0o644)
    try write(his + "/old.log")
  }

  @Test(isRoot) func aLinkInAnothersFolderIsRefused() throws {
    chmod(root, 0o755)
    let his = folder("his", owner: Self.stranger)
    symlink(root + "/precious", his + "/a.log")
    #expect(errno { () throws(SystemError) in try write(his + "/a.log") } == EPERM)
    #expect(access(root + "/precious", F_OK) != 0)
    // Not even where the last folders are ours again: he may have put another of ours in their place.
    let ours = folder("his/ours")
    symlink(root + "/precious", ours + "/a.log")
    #expect(errno { () throws(SystemError) in try write(ours + "/a.log") } == EPERM)
  }

  @Test(isRoot) func aStrangersFileWhereEverybodyMayMakeFilesIsRefused() throws {
    let shared = folder("shared", mode: 0o1777)
    file(shared + "/a.log", owner: Self.stranger)
    #expect(errno { () throws(SystemError) in try write(shared + "/a.log") } != nil)
    // What is ours in a sticky folder cannot be swapped.
    mkdir(shared + "/ours", 0o755)
    symlink(root + "/target", shared + "/ours/b.log")
    try write(shared + "/ours/b.log")
    #expect(access(root + "/target", F_OK) == 0)
    symlink(root, shared + "/way")
    lchown(shared + "/way", Self.stranger, Self.stranger)
    #expect(errno { () throws(SystemError) in try write(shared + "/way/c.log") } == EPERM)
  }

  @Test func aFileIsPutInThePlaceOfAnother() throws {
    let folder = try GuardedFolder(of: root + "/app.pid")
    _ = try folder.open("app.pid.new", O_WRONLY | O_CREAT | O_EXCL, mode: 0o644)
    try folder.rename("app.pid.new", to: folder.name)
    #expect(access(folder.filePath, F_OK) == 0)
    try folder.remove(folder.name)
    #expect(access(folder.filePath, F_OK) != 0)
  }
}
