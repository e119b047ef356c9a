import Testing

@testable import PupCommandLine

@Suite struct CompletionRequestTests {
  private func complete(_ words: String..., ids: [String] = ["web", "worker-1", "worker-2"]) -> [String]? {
    let request = CompletionRequest(
      commands: PupCommand.commands, processes: { _ in ids },
      tokens: { _ in [("a1", "deploy"), ("b2", "deploy"), ("c3", "panel")] })
    guard case .words(let candidates) = request.answer(to: words) else { return nil }
    return candidates.map(\.word)
  }

  private func kind(_ words: String...) -> CompletionRequest.Answer {
    CompletionRequest(commands: PupCommand.commands, processes: { _ in [] }).answer(to: words)
  }

  @Test func commands() {
    #expect(complete("st") == ["status", "start", "stop"])
    #expect(complete("") == PupCommand.commands.filter { !$0.isHidden }.map(\.name) + ["help"])
    #expect(complete("set") == [], "for those who know the original, and nobody else")
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
    #expect(complete("logs", "") == ["web", "worker-1", "worker-2", "core"])
    #expect(complete("logs", "web", "-I", "c") == ["core"])
    #expect(complete("monitor", "co") == ["core"])
    #expect(complete("stop", "co") == [])
    // A new process has a new name.
    #expect(complete("append", "--id", "") == [])
  }

  @Test func optionsAndTheirValues() {
    #expect(complete("status", "--j") == ["--json"])
    #expect(complete("status", "--json", "--j") == [])
    #expect(complete("logs", "--severity", "") == ["log", "info", "warn", "error"])
    #expect(complete("logs", "--severity", "=") == ["log", "info", "warn", "error"])
    #expect(complete("token", "") == ["create", "list", "revoke", "reinstate", "rotate-secret"])
    #expect(complete("token", "re") == ["revoke", "reinstate"])
    #expect(complete("token", "list", "") == [])
    #expect(complete("token", "list", "--sc") == [])
    #expect(complete("token", "--sc") == ["--scope"], "of the one that is meant where none is named")
    #expect(complete("token", "--consumer", "") == ["deploy", "panel"])
    #expect(complete("token", "--config", "x", "l") == ["list"])
    #expect(complete("help", "token", "rot") == ["rotate-secret"])
    #expect(complete("completion", "z") == ["zsh"])
    #expect(complete("token", "revoke", "") == ["a1", "b2", "c3"])
    #expect(complete("token", "revoke", "--consumer", "") == ["deploy", "panel"])
    #expect(complete("token", "reinstate", "--consumer=p") == ["--consumer=panel"])
    #expect(complete("enable-service", "--manager", "s") == ["systemd", "sysvinit"])
    #expect(complete("logs", "--output", "") == ["short", "long", "raw", "json"])
    #expect(complete("monitor", "-o", "r") == ["raw"])
    #expect(complete("upgrade", "--chan") == [], "understood, and not recommended")
    #expect(complete("run", "-A", "--st")?.contains("--strategy") == true)
    #expect(kind("run", "--config", "") == .files)
    #expect(kind("run", "-c", "x") == .files)
    #expect(kind("status", "--cwd", "") == .directories)
    #expect(kind("run", "-A", "--", "") == .files)
  }

  /// Each command that is listed can be completed, and each option once.
  @Test func everySpecificationIsSound() {
    func below(_ commands: [CommandSpecification]) -> [CommandSpecification] {
      commands + commands.flatMap { below($0.subcommands) }
    }
    for command in below(PupCommand.commands) {
      #expect((command.run == nil) == !command.subcommands.isEmpty, "\(command.name)")
      let usual = command.defaultSubcommand
      #expect(usual == nil || command.subcommands.contains { $0.name == usual }, "\(command.name)")
      #expect(Set(command.options.map(\.name)).count == command.options.count, "\(command.name)")
      let shorts = command.options.compactMap(\.short)
      #expect(Set(shorts).count == shorts.count, "\(command.name)")
      #expect(command.help(command.name).split(separator: "\n").allSatisfy { $0.count <= 150 }, "\(command.name)")
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
