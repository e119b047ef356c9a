import Glibc
import PupTestSupport
import Testing

@testable import PupSystem

/// Who could lead a path elsewhere: owners of folders, of links, and of what lies where others may make files.
@Suite(.enabled(if: geteuid() == 0, "only root can make files of another user")) struct PathStrangerTests {
  private static let bob: uid_t = 54_321
  private static let eve: uid_t = 54_322

  private let folder: TemporaryFolder
  private var root: String { folder.path }

  init() throws {
    folder = try TemporaryFolder()
    chmod(folder.path, 0o755)
  }

  private func make(_ name: String, mode: mode_t = 0o755, owner: uid_t = 0, group: gid_t = 0) {
    mkdir("\(root)/\(name)", 0o700)
    chown("\(root)/\(name)", owner, group)
    chmod("\(root)/\(name)", mode)
  }

  private func link(_ name: String, to target: String, owner: uid_t = 0) {
    symlink(target, "\(root)/\(name)")
    lchown("\(root)/\(name)", owner, owner)
  }

  private func first(_ name: String, past skipped: [uid_t] = []) -> String? {
    PathStranger.first(onTheWayTo: "\(root)/\(name)") { !skipped.contains($0.user) }.map {
      "\(String($0.place.utf8.dropFirst(root.utf8.count + 1)) ?? "") \($0.user)"
    }
  }

  @Test func nobodyLeadsWhereOnlyRootCan() throws {
    make("mine")
    let file = try folder.write("mine/pup.json", [1])
    chown(file, Self.bob, Self.bob)
    link("way", to: "mine")
    // Its owner can put nothing else in its place.
    #expect(first("mine/pup.json") == nil && first("way/pup.json") == nil && first("way/../way/./none") == nil)
    #expect(first("none/below/pup.json") == nil)
  }

  @Test func ownersOfFoldersLinksAndOpenFilesDo() throws {
    make("his", owner: Self.bob)
    make("open", mode: 0o1777)
    make("group", mode: 0o775, group: Self.bob)
    make("mine")
    let file = try folder.write("open/pup.json", [1])
    chown(file, Self.bob, Self.bob)
    link("group/pup.json", to: "../mine/pup.json", owner: Self.bob)
    link("open/current", to: "../mine", owner: Self.eve)
    link("mine/his", to: "../his")
    link("mine/twice", to: "\(root)/open/current")
    #expect(first("his/pup.json") == "his \(Self.bob)")
    #expect(first("open/pup.json") == "open/pup.json \(Self.bob)" && first("open/none") == nil)
    #expect(first("group/pup.json") == "group/pup.json \(Self.bob)")
    #expect(first("mine/his/pup.json") == "his \(Self.bob)")
    #expect(first("mine/twice/pup.json") == "open/current \(Self.eve)")
  }

  @Test func whatLiesBehindOneWhoDoesNotCountIsLookedAt() {
    make("his", owner: Self.bob)
    make("hers", owner: Self.eve)
    link("his/way", to: "../hers", owner: Self.bob)
    #expect(first("his/way/x", past: [Self.bob]) == "hers \(Self.eve)")
    #expect(first("his/way/x", past: [Self.bob, Self.eve]) == nil)
    link("loop", to: "loop", owner: Self.bob)
    #expect(first("loop", past: [Self.bob]) == nil)
  }
}
