import Testing

@testable import PupWatch

@Suite struct RawPathTests {
  @Test(arguments: [
    ("/srv/app", "/srv/app"), ("/srv//./app/", "/srv/app"), ("src", "/base/dir/src"), (".", "/base/dir"),
    ("./src/", "/base/dir/src"),
    ("../x", "/base/x"), ("../../../..", "/"), ("/", "/"), ("", "/base/dir"), ("/..", "/"),
  ])
  func cleaning(path: String, expected: String) {
    #expect(RawPath(path, base: "/base/dir").text == expected)
  }

  @Test func joiningAndParents() {
    let root = RawPath("/", base: "/")
    #expect(root.appending(Array("a".utf8)).text == "/a")
    #expect(RawPath("/a/b", base: "/").parent.text == "/a")
    #expect(RawPath("/a", base: "/").parent == root)
    #expect(root.parent == root)
  }

  @Test func bytesThatAreNoTextSurvive() {
    let path = RawPath("/a", base: "/").appending([0xFF, 0xFE])
    #expect(path.bytes == Array("/a/".utf8) + [0xFF, 0xFE])
    #expect(path.names.last == [0xFF, 0xFE])
  }

  @Test(
    arguments: [
      ("/srv/app/src", "/srv/app", "src"), ("/srv/app", "/srv/app", ""), ("/srv/application", "/srv/app", nil),
      ("/x", "/srv", nil),
      ("/x/y", "/", "x/y"),
    ] as [(String, String, String?)])
  func below(path: String, directory: String, expected: String?) {
    #expect(RawPath(path, base: "/").text(below: RawPath(directory, base: "/")) == expected)
  }
}
