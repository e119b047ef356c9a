import PupTestSupport
import PupWatch
import Testing

@Suite struct WatchSurveyTests {
  private func look(
    _ folder: TemporaryFolder, at path: String = ".", _ options: WatchOptions = WatchOptions(), own: [String] = []
  ) throws -> WatchSurvey.Finding {
    var exclusions = WatchExclusions()
    exclusions.files = own.map(folder.at)
    exclusions.folders = [folder.at(".pup")]
    var survey = try WatchSurvey(base: folder.path, options: options, excluding: exclusions)
    return survey.look(at: path)
  }

  @Test func nothingOfTheExtensionsIsTold() throws {
    let folder = try TemporaryFolder()
    try folder.makeDirectory("a")
    #expect(try look(folder) == .empty, "nothing is there yet")
    #expect(try look(folder, at: "none") == .inOrder)
    for name in ["a/x.py", "a/y.py", "README.md", "Makefile"] { try folder.write(name) }
    #expect(try look(folder) == .nothingCounts(endings: [".py", ".md", "Makefile"]))
    #expect(try look(folder, at: "a/x.py") == .inOrder, "a file always counts")
    #expect(try look(folder, WatchOptions(extensions: ["py"])) == .inOrder)
    #expect(
      try look(folder, WatchOptions(extensions: ["py"], match: ["b/**"])) == .nothingCounts(endings: [".py", ".md", "Makefile"]))
  }

  @Test func whatIsSkippedAndWhatPupWritesIsNotSeen() throws {
    let folder = try TemporaryFolder()
    for name in [".pup", ".hidden", "node_modules", "skipped"] {
      try folder.makeDirectory(name)
      try folder.write("\(name)/x.js")
    }
    try folder.write("pup.json")
    try folder.write("app.py")
    #expect(try look(folder, WatchOptions(skip: ["skipped/**"]), own: ["pup.json"]) == .nothingCounts(endings: [".py"]))
    #expect(try look(folder, at: ".hidden") == .inOrder)
    try folder.makeDirectory("only")
    try folder.makeDirectory("only/node_modules")
    try folder.write("only/node_modules/a.js")
    #expect(try look(folder, at: "only") == .empty)
    #expect(try look(folder, at: ".pup") == .excluded)
    #expect(try look(folder, at: "pup.json", own: ["pup.json"]) == .excluded)
  }
}
