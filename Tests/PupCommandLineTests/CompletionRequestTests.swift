import Testing

@testable import PupCommandLine

@Suite struct CompletionRequestTests {
  private func complete(_ words: String..., ids: [String] = ["web", "worker-1", "worker-2"]) -> [String]? {
    let request = CompletionRequest(commands: PupCommand.commands) { _ in ids }
    guard case .words(let candidates) = request.answer(to: words) else { return nil }
    return candidates.map(\.word)
  }

  private func kind(_ words: String...) -> CompletionRequest.Answer {
    CompletionRequest(commands: PupCommand.commands) { _ in [] }.answer(to: words)
  }

  @Test func commands() {
    #expect(complete("st") == ["status", "start", "stop"])
    #expect(complete("") == PupCommand.commands.map(\.name) + ["help"])
    #expect(complete("help", "res") == ["restart"])
    #expect(complete("nonsense", "") == [])
  }

  @Test func processes() {
    #expect(complete("stop", "") == ["web", "worker-1", "worker-2", "all"])
    #expect(complete("stop", "W") == ["web", "worker-1", "worker-2"])
    #expect(complete("stop", "web", "") == ["worker-1", "worker-2"])
    #expect(complete("stop", "--timeout", "3", "wo") == ["worker-1", "worker-2"])
    #expect(complete("logs", "--id", "wo") == ["worker-1", "worker-2"])
    #expect(complete("logs", "--id", "=", "wo") == ["worker-1", "worker-2"])
    #expect(complete("logs", "--id=wo") == ["--id=worker-1", "--id=worker-2"])
    #expect(complete("remove", "") == ["web", "worker-1", "worker-2"])
    // A new process has a new name.
    #expect(complete("append", "--id", "") == [])
  }

  @Test func optionsAndTheirValues() {
    #expect(complete("status", "--j") == ["--json"])
    #expect(complete("status", "--json", "--j") == [])
    #expect(complete("logs", "--severity", "") == ["log", "info", "warn", "error"])
    #expect(complete("logs", "--severity", "=") == ["log", "info", "warn", "error"])
    #expect(complete("token", "") == TokenCommand.actions)
    #expect(complete("token", "list", "") == [])
    #expect(complete("completion", "z") == ["zsh"])
    #expect(complete("run", "-A", "--st")?.contains("--strategy") == true)
    #expect(kind("run", "--config", "") == .files)
    #expect(kind("run", "-c", "x") == .files)
    #expect(kind("status", "--cwd", "") == .directories)
    #expect(kind("run", "-A", "--", "") == .files)
  }

  /// Each command that is listed can be completed, and each option once.
  @Test func everySpecificationIsSound() {
    for command in PupCommand.commands {
      #expect(Set(command.options.map(\.name)).count == command.options.count, "\(command.name)")
      let shorts = command.options.compactMap(\.short)
      #expect(Set(shorts).count == shorts.count, "\(command.name)")
      #expect(command.help.split(separator: "\n").allSatisfy { $0.count <= 150 }, "\(command.name)")
      #expect(!shorts.contains("h") && !command.options.contains { $0.name == "help" })
    }
    let names = PupCommand.commands.flatMap { [$0.name] + $0.aliases }
    #expect(Set(names).count == names.count)
  }

  @Test func eachShellGetsItsForm() {
    let answer = CompletionRequest.Answer.words([.init(word: "a:b", meaning: "what"), .init(word: "c")])
    #expect(CompletionCommand.text(answer, .bash) == "words\na:b\nc\n")
    #expect(CompletionCommand.text(answer, .zsh) == "words\na\\:b:what\nc\n")
    #expect(CompletionCommand.text(answer, .fish) == "words\na:b\twhat\nc\n")
    #expect(CompletionCommand.text(.directories, .zsh) == "directories\n")
  }
}
