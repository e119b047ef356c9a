/// `docs/cli.md`: what `pup help` says, all of it.
package enum CommandReference {
  package static func markdown() -> String {
    let commands = PupCommand.commands.filter { !$0.isHidden }
    let rows = commands.map { "| [`\(names($0))`](#pup-\($0.name)) | \($0.summary) |\n" }.joined()
    let sections = commands.map { "\n## pup \($0.name)\n\n```text\n\($0.help)```\n" }.joined()
    return """
      <!-- Made by `make generate` from the commands themselves; do not edit. -->
      # The command line

      `pup help COMMAND` says the same. Every command that is about an instance finds it by `--config FILE`, or by the `pup.json` or
      `pup.jsonc` in the working directory (`--cwd DIR` works in another one).

      | command | what it does |
      |---|---|
      \(rows)
      ## Exit codes

      | code | meaning |
      |---|---|
      | 0 | it is done |
      | 1 | refused, or it did not come to the state that was asked for |
      | 64 | the command line cannot be understood |
      | 65 | a configuration or a request that cannot be used |
      | 66 | there is no such process |
      | 69 | nothing runs here, or it does not answer; for `run` and `sweep`: something runs here already |
      | 70 | Pup failed, or answered what this version does not understand |
      | 71 | the machine refused something |
      | 74 | standard output could not be written |
      | 75 | under way, but not done within the time |
      | 77 | not allowed for this user |
      | 130 | ended by Ctrl-C (128 + the number of the signal) |
      \(sections)
      """
  }

  private static func names(_ command: CommandSpecification) -> String {
    ([command.name] + command.aliases).joined(separator: ", ")
  }
}
