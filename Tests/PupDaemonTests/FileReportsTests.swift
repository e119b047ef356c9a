import PupLogs
import PupSystem
import Testing

@testable import PupCore
@testable import PupDaemon

/// What is said of the files of an instance, look after look.
@Suite struct FileReportsTests {
  private func lines(
    _ reports: inout FileReports, remade: [String] = [], problems: [String] = [], hold: String? = nil, pages: Int32 = 0
  ) -> [String] {
    var findings = Caretaker.Findings()
    (findings.remade, findings.problems) = (remade, problems)
    let lines = reports.lines(about: findings, keeper: 7, hold: hold, replacedPages: pages, runtime: "/run/pup/a")
    return lines.map { "\($0.severity) \($0.category)" }
  }

  @Test func whereAllIsWellNothingIsSaid() {
    var reports = FileReports()
    #expect(lines(&reports).isEmpty)
  }

  @Test func whatIsMadeAnewIsSaidEachTime() {
    var reports = FileReports()
    #expect(lines(&reports, remade: ["lock", "port"]) == ["error files"])
    #expect(lines(&reports, remade: ["lock"]) == ["error files"])
  }

  @Test func aProblemIsSaidOnceUntilItIsOver() {
    var reports = FileReports()
    #expect(lines(&reports, problems: ["a"]) == ["error files"])
    #expect(lines(&reports, problems: ["a", "b"]) == ["error files"])
    #expect(lines(&reports, problems: ["b", "a"]).isEmpty)
    #expect(lines(&reports, problems: ["b"]).isEmpty)
    #expect(lines(&reports, problems: ["b", "a"]) == ["error files"])
  }

  @Test func aKeeperThatIsStoppedAndGoesOn() {
    var reports = FileReports()
    #expect(lines(&reports, hold: "stopped") == ["error keeper"])
    #expect(lines(&reports, hold: "traced").isEmpty)
    #expect(lines(&reports) == ["info keeper"])
    #expect(lines(&reports).isEmpty)
  }

  @Test func pagesThatAreCutAreSaidWheneverThereAreMore() {
    var reports = FileReports()
    #expect(lines(&reports, pages: 2) == ["error files"])
    #expect(lines(&reports, pages: 2).isEmpty)
    #expect(lines(&reports, pages: 3) == ["error files"])
  }
}
