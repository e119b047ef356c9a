import Testing

@testable import PupCommandLine

@Suite struct LogNamesTests {
  private let known = KnownProcesses(ids: ["web-a", "web-b", "pool-1", "pool-2"], clusters: ["pool": ["pool-1", "pool-2"]])

  @Test func globsAndClustersBecomeIds() {
    #expect(LogNames(["web*"], known: known).chosen == ["web-a", "web-b"])
    #expect(LogNames(["POOL"], known: known).chosen == ["pool-1", "pool-2", "POOL"])
    for names in [["web*"], ["pool"], ["Web-A"], ["core"], ["all"]] {
      #expect(LogNames(names, known: known).problem == nil, "\(names)")
    }
  }

  @Test func whatNobodyKnowsIsSaid() {
    let removed = LogNames(["web-c"], known: known)
    #expect(removed.chosen == ["web-c"], "a process that is gone may have lines")
    #expect(removed.problem?.contains("did you mean 'web-a'") == true)
    #expect(LogNames(["x*"], known: known).problem?.contains("fits 'x*'") == true)
    #expect(LogNames(["nope"], known: nil).problem == nil, "nobody can tell")
  }
}
