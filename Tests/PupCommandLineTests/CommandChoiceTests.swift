import PupConfig
import Testing

@testable import PupCommandLine

/// Commands below commands.
@Suite struct CommandChoiceTests {
  private func choose(_ words: String...) throws -> CommandChoice {
    let command = try #require(PupCommand.commands.first { $0.name == words[0] })
    return try CommandChoice(command, Array(words.dropFirst()))
  }

  @Test func oneIsNamedOrMeant() throws {
    #expect(try choose("status", "--json").path == "status")
    for (words, path, rest) in [
      (["token", "list"], "token list", []),
      (["token", "--config", "x", "list", "--json"], "token list", ["--config", "x", "--json"]),
      (["token", "--consumer", "a"], "token create", ["--consumer", "a"]), (["token"], "token create", []),
      (["token", "revoke", "list"], "token revoke", ["list"]), (["token", "revoke", "--help"], "token revoke", ["--help"]),
    ] {
      let command = try #require(PupCommand.commands.first { $0.name == words[0] })
      let choice = try CommandChoice(command, Array(words.dropFirst()))
      #expect(choice.path == path && choice.words == rest, "\(words)")
    }
  }

  @Test func helpIsThatOfTheCommandThatIsNamed() throws {
    let above = try choose("token", "--help")
    #expect(above.path == "token" && above.command.run == nil && above.isHelpWanted)
    let help = above.command.help(above.path)
    #expect(help.contains("Usage: pup token COMMAND") && help.contains("  rotate-secret  ") && help.contains("create is meant"))
    let below = try choose("token", "create", "-h")
    #expect(below.command.help(below.path).contains("Usage: pup token create --consumer NAME"))
    #expect(CommandChoice.named(["token", "list"], among: PupCommand.commands)?.path == "token list")
    #expect(CommandChoice.named(["token", "nonsense"], among: PupCommand.commands) == nil)
  }

  @Test func aSlipIsExplained() throws {
    let error = #expect(throws: UsageError.self) { try choose("token", "lst") }
    #expect(error?.message == "'lst' is none of create, list, revoke, reinstate, rotate-secret (did you mean 'list'?)")
  }

  @Test(arguments: [
    ("stat", "status"), ("Stats", "status"), ("his", "history"), ("term", "terminate"), ("comp", "completion"),
    ("strat", "start"), ("ps", "status"), ("lgos", "logs"),
  ])
  func whatIsBegunIsMeant(word: String, command: String) {
    #expect(PupCommand.suggestion(for: word) == " (did you mean '\(command)'?)")
  }

  @Test func whatMayBeTheBeginningOfSeveralIsNotGuessed() {
    #expect(PupCommand.suggestion(for: "s") == "" && PupCommand.suggestion(for: "zzzzzz") == "")
    let error = #expect(throws: UsageError.self) { try choose("token", "rot") }
    #expect(error?.message.hasSuffix("(did you mean 'rotate-secret'?)") == true)
  }

  @Test func anOptionBelongsToOne() throws {
    let error = #expect(throws: UsageError.self) { try choose("token", "list", "--scope", "read") }
    #expect(error?.message == "--scope is for pup token create")
    let choice = try choose("token", "list", "--nonsense")
    #expect(throws: UsageError.self) { try ParsedArguments(choice.words, options: choice.command.options) }
  }
}
