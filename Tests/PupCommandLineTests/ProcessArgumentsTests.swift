import PupConfig
import Testing

@testable import PupCommandLine

@Suite struct ProcessArgumentsTests {
  private func program(_ words: String...) throws -> AdHocOptions.Program? {
    try ProcessArguments.read(try ParsedArguments(words, options: ProcessArguments.options))?.program
  }

  @Test func wordsAreSplitAsTheHelpSays() throws {
    #expect(try program("-C", "'./my script.sh' one") == .command("'./my script.sh' one"))
    #expect(try program("-W", "my  script.sh one") == .worker(["my", "script.sh", "one"]))
    #expect(try program("-W", "'my script.sh'") == .worker(["'my", "script.sh'"]))
    #expect(try program("--", "python3", "my script.py") == .arguments(["python3", "my script.py"]))
    for name in ["init", "append", "run"] {
      let command = try #require(PupCommand.commands.first { $0.name == name })
      // Lines are broken where the page ends.
      let help = command.help(name).split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(help.contains("-W is split at every blank") && help.contains("(-- python3 \"my script.py\")"), "\(name)")
    }
  }
}
