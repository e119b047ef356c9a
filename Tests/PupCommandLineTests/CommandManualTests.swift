internal import PupConfig
internal import Testing

@testable internal import PupCommandLine

@Suite struct CommandManualTests {
  @Test("there is a page for each command, and it has every option") func everyCommand() throws {
    let pages = CommandManual.pages(date: "2026-11-30")
    #expect(pages.first?.file == "pup.1")
    for command in PupCommand.commands where !command.isHidden {
      let page = try #require(pages.first { $0.file == "pup-\(command.name).1" })
      let plain = page.text.split(separator: "\\").joined()
      for option in command.options { #expect(plain.contains("--\(option.name)"), "\(command.name) --\(option.name)") }
    }
  }

  @Test("every alternative of a usage has its line") func synopses() throws {
    let page = try #require(CommandManual.pages(date: "2026-11-30").first { $0.file == "pup-token.1" })
    #expect(page.text.contains("\npup token rotate\\-secret\n"))
  }

  private static let pages =
    CommandManual.pages(date: "2026-11-30").map(\.text) + [ConfigurationSchema.manual(version: "1", date: "2026-11-30")]

  @Test("no line is a request by accident", arguments: pages)
  func requests(page: String) {
    let known = [".\\\"", ".TH ", ".ad l", ".SH ", ".SS ", ".PP", ".TP", ".IP \\(bu 3", ".RS 4", ".RE", ".EX", ".EE"]
    for line in page.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'") {
      #expect(known.contains { line.hasPrefix($0) }, "\(line)")
    }
  }
}
