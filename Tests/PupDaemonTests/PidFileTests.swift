import Glibc
import PupSystem
import PupTestSupport
import Testing

@testable import PupCore
@testable import PupDaemon

/// What lies where a pid file is to be may be anybody's, and anything.
@Suite(.timeLimit(.minutes(5))) struct PidFileTests {
  @Test func isWrittenWholeAndRemovedByItsOwner() throws {
    let folder = try TemporaryFolder()
    let file = PidFile(path: folder.at("a.pid"))
    try file.write(4711)
    #expect(folder.text("a.pid") == "4711\n" && folder.names == ["a.pid"])
    try file.write(4712)
    try file.remove([4711])
    #expect(folder.text("a.pid") == "4712\n")
    try file.remove([1, 4712])
    #expect(folder.names == [])
    try file.remove([4712])
  }

  @Test func itsFolderIsMadeWhereTheParentIsThere() throws {
    let folder = try TemporaryFolder()
    try PidFile(path: folder.at("made/a.pid")).write(1)
    #expect(folder.text("made/a.pid") == "1\n")
    try PidFile(path: folder.at("made/a.pid")).remove([1])
    #expect(throws: PidFile.Problem.self) { try PidFile(path: folder.at("no/such/a.pid")).write(1) }
    try PidFile(path: folder.at("no/such/a.pid")).remove([1])
  }

  /// Neither waited for nor followed, and not replaced either: it was put there for a reason.
  @Test(arguments: ["fifo", "link", "folder", "socket"]) func whatIsNoFileIsLeftAlone(kind: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.at("a.pid")
    try folder.write("target", "precious\n")
    switch kind {
    case "fifo": mkfifo(path, 0o600)
    case "link": symlink(folder.at("target"), path)
    case "folder": mkdir(path, 0o700)
    default: mknod(path, S_IFSOCK | 0o600, 0)
    }
    let file = PidFile(path: path)
    #expect(throws: PidFile.Problem.self) { try file.write(4711) }
    #expect(throws: PidFile.Problem.self) { try file.remove([4711]) }
    #expect(folder.names == ["a.pid", "target"] && folder.text("target") == "precious\n")
  }

  /// A stranger's file under the name that is written first, or a trap, is neither used nor removed; one that a killed supervisor
  /// left is.
  @Test func aTakenNameIsNoObstacle() throws {
    let folder = try TemporaryFolder()
    let file = PidFile(path: folder.at("a.pid"))
    mkfifo(folder.at("a.pid.new"), 0o600)
    try file.write(4711)
    #expect(folder.text("a.pid") == "4711\n" && folder.names == ["a.pid", "a.pid.new"])
    unlink(folder.at("a.pid.new"))
    try folder.write("a.pid.new", "47")
    try file.write(4712)
    #expect(folder.text("a.pid") == "4712\n" && folder.names == ["a.pid"])
  }

  /// A program that gave up its rights, and can change the folder of its pid file, leads root nowhere by a link.
  @Test(.enabled(if: geteuid() == 0, "only root can make folders of another user"))
  func aStrangersLinkIsNotFollowed() throws {
    let folder = try TemporaryFolder()
    chmod(folder.path, 0o755)
    for name in ["app", "app/run", "precious"] { try folder.makeDirectory(name) }
    try folder.write("precious/a.pid", "4711\n")
    for name in ["app", "app/run"] { chown(folder.at(name), 61_234, 61_234) }
    let file = PidFile(path: folder.at("app/run/a.pid"))
    try file.write(4711)
    var information = stat()
    #expect(lstat(file.path, &information) == 0 && information.st_uid == 61_234, "the file is the folder's owner's")
    try file.remove([4711])
    #expect(folder.text("app/run/a.pid") == nil)
    rmdir(folder.at("app/run"))
    symlink(folder.at("precious"), folder.at("app/run"))
    lchown(folder.at("app/run"), 61_234, 61_234)
    let problem = #expect(throws: PidFile.Problem.self) { try file.write(1) }
    #expect(try #require(problem).description.contains("is a link"))
    #expect(throws: PidFile.Problem.self) { try file.remove([4711]) }
    #expect(folder.text("precious/a.pid") == "4711\n")
  }

  @Test func aTakeOverCompletesWhatIsMissingOnly() throws {
    let folder = try TemporaryFolder()
    let file = PidFile(path: folder.at("a.pid"))
    try file.ensure(4711)
    #expect(folder.text("a.pid") == "4711\n")
    for text in ["\(getpid())\n", "the program's own words\n"] {
      try folder.write("a.pid", text)
      try file.ensure(4711)
      #expect(folder.text("a.pid") == text)
    }
    // Nobody's any more: no process has so great a number.
    try folder.write("a.pid", "\(Int32.max)\n")
    try file.ensure(4711)
    #expect(folder.text("a.pid") == "4711\n")
  }

  @Test func ofSeveralWishesTheLatestCounts() {
    func left(_ wishes: PidFiles.Wish...) -> String {
      wishes.dropFirst().reduce(wishes[0]) { $0.followed(by: $1) }.words
    }
    #expect(left(.write(1), .remove([1])) == "remove 1")
    #expect(left(.remove([1]), .write(2)) == "write 2")
    #expect(left(.write(2), .remove([1])) == "write 2")
    #expect(left(.ensure(2), .remove([2])) == "remove 2")
    #expect(left(.remove([1]), .remove([2])) == "remove 1 2")
  }

  /// A disk that hangs: whoever waits is released in time, and other files are written meanwhile.
  @Test func aFileThatHangsHoldsUpNobody() throws {
    let folder = try TemporaryFolder()
    let loop = try EventLoop(name: "pidfiles")
    let pool = HelperPool()
    // As many threads as one needs to hang on: the pool has more.
    let gate = Latch<Bool>()
    #expect(pool.run { _ = gate.wait() })
    let files = PidFiles(on: loop, pool: pool)
    let (id, path) = (ProcessID("a"), folder.path)
    let bound = LoopBound(files, to: loop)
    loop.post {
      bound { files in
        files.put(.write(7), "\(path)/a.pid", of: id)
        files.put(.write(8), "\(path)/b.pid", of: id)
        files.finish { bound { $0.whenDone("\(path)/a.pid") { loop.stop() } } }
      }
    }
    try withExtendedLifetime(files) { try loop.run() }
    gate.open(with: true)
    #expect(folder.text("a.pid") == "7\n" && folder.text("b.pid") == "8\n")
  }
}

extension PidFiles.Wish {
  fileprivate var words: String {
    switch self {
    case .write(let pid): "write \(pid)"
    case .ensure(let pid): "ensure \(pid)"
    case .remove(let pids): "remove " + pids.sorted().map { "\($0)" }.joined(separator: " ")
    }
  }
}
