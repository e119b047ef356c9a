import PupBasics
import Testing

@Suite struct PathTextTests {
  @Test(
    arguments: [
      ("", ".", "", nil), ("/", "/", "", ""), ("a", ".", "a", nil), ("..", ".", "..", nil), ("/a", "/", "a", ""),
      ("/a/", "/a", "", "/a"),
      ("a//b/", "a//b", "", "a//b"), ("a/b", "a", "b", "a"), ("/a/b", "/a", "b", "/a"), ("//", "/", "", "/"),
      // A combining acute accent behind the slash: one character for Swift, a slash and a name for the kernel.
      ("/a/\u{301}b", "/a", "\u{301}b", "/a"),
    ] as [(String, String, String, String?)])
  func parts(path: String, parent: String, name: String, start: String?) {
    #expect(PathText.parent(of: path) == parent)
    #expect(PathText.name(of: path).unicodeScalars.elementsEqual(name.unicodeScalars))
    #expect(PathText.start(of: path) == start)
  }

  @Test func aSlashIsAByteEverywhere() {
    #expect(PathText.parts(of: "//a/\u{301}b/c/") == ["a", "\u{301}b", "c"])
    #expect(PathText.parts(of: "").isEmpty && PathText.parts(of: "/").isEmpty)
    #expect(PathText.hasSlash("./\u{301}b") && !PathText.hasSlash("\u{301}b"))
    #expect(PathText.isBelow("/a", "/a/\u{301}b") && PathText.isBelow("/", "/\u{301}b"))
    #expect(!PathText.isBelow("/a", "/ab") && !PathText.isBelow("/a", "/a") && !PathText.isBelow("/a", "/a/"))
    // The same text for Swift, other bytes for the kernel.
    #expect(!PathText.isBelow("/\u{e9}", "/e\u{301}/x"))
  }

  @Test(arguments: [
    ("/a", "b", "/a/b"), ("/a", "./b//c/", "/a/b/c"), ("/a", "/x/y", "/x/y"), ("/a", "../b", "/a/../b"), ("/", "b", "/b"),
    ("/a", ".", "/a"), ("/", ".", "/"), ("/a", "", "/a"), ("", "", "/"), ("a//b/", "..", "a/b/.."),
    ("/a", "/\u{301}b", "/\u{301}b"),
    ("a", "/", "/"),
  ])
  func joins(directory: String, path: String, joined: String) {
    #expect(PathText.join(directory, path).unicodeScalars.elementsEqual(joined.unicodeScalars))
  }
}
