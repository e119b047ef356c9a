import Glibc
import PupTestSupport
import Testing

@testable import PupSystem

@Suite struct OwnFolderTests {
  @Test(arguments: ["/run/pup/0123", "/srv/a b/.main.run", "/srv/a\nb\\n/.main.run", "/srv/made"], [true, false])
  func pointersComeBackAsTheyWere(runtime: String, made: Bool) {
    let pointer = RuntimePointer(runtime: runtime, bootID: "6f0c", madeTemporary: made)
    #expect(RuntimePointer(pointer.text) == pointer)
    // Its first line is the folder, for scripts.
    if !runtime.contains("\n") { #expect(pointer.text.hasPrefix(runtime + "\n")) }
    // What a later build adds is skipped.
    #expect(RuntimePointer(pointer.text + "later 7\n") == pointer)
    #expect(RuntimePointer(pointer.text + "cut off") == nil)
  }

  @Test(arguments: ["", "x", "/run/pup", "/run/pup\n", "run\n6f0c\n", "\n\n", "/a\\x\n6f0c\n", "/a\\\n6f0c\n"])
  func nonsenseIsNoPointer(text: String) {
    #expect(RuntimePointer(text) == nil)
  }

  /// What shows as the number of the unmapped may be a real user's of a container.
  @Test func aMapCoversItsRanges() {
    #expect(Owner.covers([0, 0, .max], 65_534))
    #expect(Owner.covers([0, 100_000, 65_536], 65_534))
    #expect(!Owner.covers([0, 1000, 1], 65_534))
    #expect(Owner.covers([0, 1000, 1, 1, 100_000, 65_535], 65_534) && !Owner.covers([0, 1000, 1, 1, 100_000, 1000], 65_534))
    #expect(!Owner.covers([], 0) && !Owner.covers([0, 0], 0))
  }

  @Test func parentsAreNamedFromTheTop() {
    #expect(FolderAncestry.parents(of: "/a/b/c") == ["/", "/a", "/a/b"])
    #expect(FolderAncestry.parents(of: "/a") == ["/"])
    #expect(FolderAncestry.parents(of: "/home/m/\u{301}x/f") == ["/", "/home", "/home/m", "/home/m/\u{301}x"])
  }

  @Test func filesAreReplacedAsAWholeAndLinksAreNot() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path
    let folder = try OwnFolder(path)
    try folder.save("victim", Array("precious".utf8))
    symlink("victim", "\(path)/a")
    #expect(throws: OwnershipProblem.self) { try folder.content("a") }
    // What bears the name of the file to be is replaced, not written through.
    symlink("victim", "\(path)/a.new")
    try folder.save("a", [1, 2])
    #expect(try folder.content("a") == [1, 2] && folder.content("victim") == Array("precious".utf8))
    chmod("\(path)/victim", 0o666)
    #expect(throws: OwnershipProblem.self) { try folder.content("victim") }
    #expect(folder.isStillThere)
  }

  /// Mode, group (nil: root's own), and whether a folder or file of ours with them can be changed by nobody else.
  private static let rights: [(mode: mode_t, group: gid_t?, isSafe: Bool)] = [
    (0o755, nil, true), (0o775, nil, true), (0o777, nil, false), (0o770, 54_321, false), (0o750, 54_321, true),
  ]

  /// What Pup keeps and what the configuration names are looked at by one rule.
  @Test(.enabled(if: geteuid() == 0, "only root can give folders to other groups"), arguments: rights.indices)
  func oneRuleForOwnersAndGroups(index: Int) throws {
    let (mode, group, isSafe) = Self.rights[index]
    let temporary = try TemporaryFolder()
    let path = temporary.path
    let folder = "\(path)/folder"
    mkdir(folder, 0o700)
    chown(folder, 0, group ?? 0)
    chmod(folder, mode)
    #expect(try GuardedFolder(of: "\(folder)/file").isExposed == !isSafe)
    #expect(((try? OwnFolder(folder)) != nil) == isSafe)
    #expect(((try? FolderAncestry.check("\(folder)/file", configuration: nil)) != nil) == isSafe)
  }

  @Test(arguments: [0o600, 0o400, 0o640, 0o604, 0o644, 0o610] as [mode_t])
  func secretsThatOthersCanReadAreRefused(mode: mode_t) throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path
    let folder = try OwnFolder(path)
    try folder.save("secret", [1])
    chmod("\(path)/secret", mode)
    guard mode & 0o077 != 0 else {
      _ = try folder.openSecret("secret")
      return
    }
    let problem = #expect(throws: OwnershipProblem.self) { try folder.openSecret("secret") }
    #expect(problem?.kind == .untrusted)
    #expect(
      problem?.description
        == "\(path)/secret: others can read this secret (mode \(String(mode, radix: 8))); run: chmod 600 '\(path)/secret'")
  }
}
