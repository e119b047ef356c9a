/// `docs/cli.md`: what `pup help` says, all of it.
package enum CommandReference {
  package static func markdown() -> String {
    let commands = PupCommand.commands.filter { !$0.isHidden }
    let rows = commands.map { "| [`\(names($0))`](#pup-\($0.name)) | \($0.summary) |\n" }.joined()
    let codes = exitCodes.map { "| \($0.code) | \($0.meaning) |\n" }.joined()
    let sections = commands.map { section($0, $0.name, "##") }.joined()
    return """
      <!-- Made by `make generate` from the commands themselves; do not edit. -->
      # The command line

      `pup help COMMAND` says the same. Options may also stand before the command (`pup --config FILE status`). Every command that is
      about an instance finds it by `--config FILE`, or by the `pup.json` or `pup.jsonc` in the working directory, or, where no such
      Pup runs, by what runs in it. `--cwd DIR` is as if the command had been typed in DIR; for `init`, `append` and `remove`, it is the folder in which a process works: its configuration is used where it has one, else the one here.

      | command | what it does |
      |---|---|
      \(rows)
      ## Exit codes

      | code | meaning |
      |---|---|
      \(codes)\(sections)
      """
  }

  static let exitCodes: [(code: Int, meaning: String)] = [
    (0, "it is done"),
    (1, "refused, or it did not come to the state that was asked for"),
    (64, "the command line cannot be understood"),
    (65, "a configuration or a request that cannot be used"),
    (66, "there is no such process"),
    (69, "nothing runs here, or it does not answer; for `run` and `sweep`: something runs here already"),
    (70, "Pup failed, or answered what this version does not understand"),
    (71, "the machine refused something"),
    (74, "standard output could not be written"),
    (75, "under way, but not done within the time; for `run`: the lock is held by a process that may be about to end"),
    (76, "another version of Pup has written what this one must not guess at; nothing was changed"),
    (77, "not allowed for this user"),
    (130, "ended by Ctrl-C (128 + the number of the signal)"),
  ]

  private static func section(_ command: CommandSpecification, _ path: String, _ level: String) -> String {
    let below = command.subcommands.filter { !$0.isHidden }.map { section($0, "\(path) \($0.name)", level + "#") }.joined()
    return "\n\(level) pup \(path)\n\n```text\n\(command.help(path))```\n\(below)"
  }

  private static func names(_ command: CommandSpecification) -> String {
    ([command.name] + command.aliases).joined(separator: ", ")
  }
}
