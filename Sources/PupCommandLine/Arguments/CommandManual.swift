internal import PupConfig
internal import PupInstance

/// The pages of section 1 for man(1): pup(1), and one for each command. They say what `--help` says.
package enum CommandManual {
  /// - Parameter date: as YYYY-MM-DD.
  /// - Returns: file names, such as `pup-run.1`, and texts.
  package static func pages(date: String) -> [(file: String, text: String)] {
    let commands = PupCommand.commands.filter { !$0.isHidden }
    return [("pup.1", overview(commands, date))] + commands.map { ("pup-\($0.name).1", page($0, date)) }
  }

  private static func overview(_ commands: [CommandSpecification], _ date: String) -> String {
    var page = ManualPage(
      "pup", section: 1, summary: "process supervisor: starts programs, keeps them alive and logs what they write",
      version: PupVersion.text, date: date)
    page.section("SYNOPSIS")
    page.paragraphs("`pup` COMMAND [OPTIONS]")
    page.section("DESCRIPTION")
    page.paragraphs(
      """
      Pup supervises the programs that a `pup.json` names; `pup.json`(5) describes it. The supervisor itself may crash, hang, be killed or be replaced: \
      the programs run on, and the next supervisor takes them over.
      """)
    page.section("COMMANDS")
    for command in commands {
      page.entry("pup-\(command.name)(1)", ([command.summary] + aliases(command)).joined(separator: " "))
    }
    page.section("EXIT STATUS")
    for (code, meaning) in CommandReference.exitCodes { page.entry(String(code), meaning) }
    page.section("SIGNALS")
    page.entry("SIGTERM, SIGINT", "`pup run` stops every program in order, and ends. A second SIGINT kills at once.")
    page.entry("SIGUSR2", "`pup run` hands over to newly installed executables without stopping a program; see `pup-upgrade`(1).")
    page.section("ENVIRONMENT")
    page.entry(
      "PUP_DATA_DIR, STATE_DIRECTORY", "the folder for logs and data, where `--data-dir` is not given; the first one wins")
    page.entry("NO_COLOR, TERM=dumb", "no colours")
    page.section("FILES")
    page.entry("pup.json, pup.jsonc", "the configuration, in the folder in which Pup works")
    page.entry(".pup/<file>-data/", "beside the configuration: logs, the history, and the secret that signs tokens")
    page.entry(".pup/<file>-tmp/", "the interface's unix socket and the number of its port; removed after a clean end")
    page.section("SEE ALSO")
    page.paragraphs("`pup.json`(5)")
    return page.text
  }

  private static func page(_ command: CommandSpecification, _ date: String) -> String {
    var page = ManualPage(
      "pup-\(command.name)", section: 1, summary: command.summary, version: PupVersion.text, date: date)
    page.section("SYNOPSIS")
    page.literal(synopses(command, command.name).joined(separator: "\n"))
    page.section("DESCRIPTION")
    page.paragraphs(([command.summary] + aliases(command)).joined(separator: " "))
    page.paragraphs(command.description)
    for below in command.subcommands where !below.isHidden {
      page.section("PUP \(command.name.uppercased()) \(below.name.uppercased())")
      page.paragraphs(([below.summary] + aliases(below, command.name)).joined(separator: " "))
      if !below.description.isEmpty { page.paragraphs(below.description) }
      for option in below.options { page.entry(trimmed(option.synopsis), option.help) }
    }
    if !command.options.isEmpty {
      page.section("OPTIONS")
      for option in command.options { page.entry(trimmed(option.synopsis), option.help) }
    }
    let examples = command.examples + command.subcommands.flatMap(\.examples)
    if !examples.isEmpty {
      page.section("EXAMPLES")
      for example in examples { page.entry(example.command, example.meaning) }
    }
    page.section("EXIT STATUS")
    page.paragraphs("See `pup`(1).")
    page.section("SEE ALSO")
    page.paragraphs("`pup`(1), `pup.json`(5)")
    return page.text
  }

  private static func aliases(_ command: CommandSpecification, _ above: String? = nil) -> [String] {
    let names = command.aliases.map { "`pup \(above.map { "\($0) " } ?? "")\($0)`" }
    return names.isEmpty ? [] : ["Also written \(names.joined(separator: ", "))."]
  }

  /// The help has alternatives on one line, after a bar between blanks, or below each other.
  private static func synopses(_ command: CommandSpecification, _ path: String) -> [String] {
    var lines: [String] = []
    for below in command.subcommands where !below.isHidden { lines += synopses(below, "\(path) \(below.name)") }
    guard command.subcommands.isEmpty else { return lines }
    for line in command.synopsis(path).split(separator: "\n") {
      var rest = line
      while let bar = rest.firstRange(of: "  |  ") {
        lines.append(trimmed(rest[..<bar.lowerBound]))
        rest = rest[bar.upperBound...]
      }
      lines.append(trimmed(rest))
    }
    return lines
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    let inner = text.drop { $0 == " " }
    return String(inner.dropLast(inner.reversed().prefix { $0 == " " }.count))
  }
}
