import PupTestSupport
import Testing

/// What every release has written is read, not only what the last one has.
@Suite struct GoldenTests {
  private func withReleases(_ files: [(release: String, text: String?)], _ body: (String) throws -> Void) throws {
    let folder = try TemporaryFolder()
    for file in files {
      try folder.makeDirectory(file.release)
      if let text = file.text { try folder.write("\(file.release)/a.hex", text) }
    }
    try body(folder.path)
  }

  @Test func theOldestComesFirstAndEachThatHasTheFormatIsRead() throws {
    try withReleases([("0.10.0", "0304\n"), ("0.2.0", nil), ("0.1.0", "01\n"), ("notes", "ff\n")]) { root in
      let releases = try Golden.releases(in: root)
      let golden = try Golden(name: "a", root: root).check([3, 4])
      #expect(releases == ["0.1.0", "0.2.0", "0.10.0"])
      #expect(golden == [[1], [3, 4]])
    }
  }

  @Test func oneThatIsNowhereIsAnError() throws {
    try withReleases([("0.1.0", nil)]) { root in
      #expect(throws: Failure.self) { try Golden(name: "a", root: root).check([3, 4]) }
    }
  }
}
