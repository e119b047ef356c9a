import PupConfig
import PupCore
import Testing

@Suite struct LogDestinationTests {
  private func destination(global: String, process: String?) throws -> LogDestination {
    let own = process.map { ", logger: { \($0) }" } ?? ""
    let report = StubEnvironment().load("{ logger: { \(global) }, processes: [{ id: 'a', cmd: 'foo'\(own) }] }")
    return try #require(report.configuration?.processes.first?.log, "\(report.rendered())")
  }

  private func make(_ change: (inout LogDestination) -> Void) -> LogDestination {
    var destination = LogDestination()
    change(&destination)
    return destination
  }

  @Test func everythingIsInherited() throws {
    let log = try destination(global: "console: false, colors: false, decorate: false, stdout: 'o', stderr: 'e'", process: nil)
    #expect(
      log
        == make {
          ($0.console, $0.colors, $0.decorate, $0.decorateFiles, $0.stdout, $0.stderr) = (
            false, false, false, false, "/srv/o", "/srv/e"
          )
        })
  }

  @Test func fileDecorationFollowsDecorationGlobally() throws {
    #expect(try destination(global: "decorate: true", process: nil).decorateFiles)
    #expect(try !destination(global: "decorate: false", process: nil).decorateFiles)
    #expect(try destination(global: "decorate: false, decorateFiles: true", process: nil).decorateFiles)
  }

  @Test func severitiesAreReadUnlessSwitchedOff() throws {
    #expect(try destination(global: "", process: nil).detectSeverity)
    #expect(try !destination(global: "detectSeverity: false", process: "console: true").detectSeverity)
    #expect(try destination(global: "detectSeverity: false", process: "detectSeverity: true").detectSeverity)
    #expect(try !destination(global: "", process: "detectSeverity: false").detectSeverity)
  }

  @Test func aProcesssOwnFilesArePlain() throws {
    #expect(try !destination(global: "stdout: 'o', decorateFiles: true", process: "stdout: 'p'").decorateFiles)
    #expect(try destination(global: "", process: "stdout: 'p', decorateFiles: true").decorateFiles)
    // Lines in a shared file remain distinguishable.
    #expect(try destination(global: "stdout: 'o'", process: "console: false").decorateFiles)
    #expect(try destination(global: "stdout: 'o'", process: "stderr: 'p'").decorateFiles)
    #expect(try !destination(global: "", process: "stderr: 'p'").decorateFiles)
  }

  @Test func stderrGoesWhereStdoutGoes() throws {
    let log = try destination(global: "stdout: 'o', stderr: 'e'", process: "stdout: 'p'")
    #expect(log.stdout == "/srv/p" && log.stderr == nil)
    let split = try destination(global: "stdout: 'o'", process: "stderr: 'p'")
    #expect(split.stdout == "/srv/o" && split.stderr == "/srv/p")
  }

  @Test func aProcessOverridesTheConsole() throws {
    let log = try destination(global: "console: false, decorate: false", process: "console: true, decorate: true")
    #expect(log.console && log.decorate)
  }
}
