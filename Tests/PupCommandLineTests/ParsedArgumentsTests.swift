import PupConfig
import Testing

@testable import PupCommandLine

@Suite struct ParsedArgumentsTests {
  private let options = [
    OptionSpecification("config", "c", value: "FILE", help: ""), OptionSpecification("json", help: ""),
    OptionSpecification("id", "I", value: "NAME", repeats: true, help: ""),
    OptionSpecification("lines", "n", value: "N", help: ""),
  ]

  @Test func everyWayToWriteAnOption() throws {
    for words in [["--config", "x"], ["--config=x"], ["-c", "x"], ["-cx"]] {
      #expect(try ParsedArguments(words, options: options).value("config") == "x")
    }
    let parsed = try ParsedArguments(["--id", "a", "more", "-I", "b", "--json", "--", "--config", "y"], options: options)
    #expect(parsed.all("id") == ["a", "b"])
    #expect(parsed.has("json"))
    #expect(parsed.positional == ["more"])
    #expect(parsed.rest == ["--config", "y"])
    #expect(parsed.value("config") == nil)
  }

  @Test(arguments: [["--what"], ["--config"], ["--json=1"], ["-x"], ["--config", "a", "--config", "b"]])
  func wrongOptionsAreSaid(_ words: [String]) {
    #expect(throws: UsageError.self) { try ParsedArguments(words, options: options) }
  }

  /// As the original takes them.
  @Test(
    arguments: [
      (["-A"], true), (["--autostart"], true), (["--autostart", "true"], true), (["--autostart=true"], true),
      (["-A", "false"], false),
      (["--autostart=false"], false), (["-A", "--autostart=false"], false), ([], false),
    ] as [([String], Bool)])
  func switchesMayBeSaid(_ words: [String], _ isOn: Bool) throws {
    let parsed = try ParsedArguments(words + ["-C", "x"], options: ProcessArguments.options)
    #expect(parsed.has("autostart") == isOn && parsed.positional.isEmpty)
    #expect(try ProcessArguments.read(parsed)?.autostart == isOn)
  }

  @Test func aSwitchTakesNoOtherWord() throws {
    #expect(try ParsedArguments(["--json", "true"], options: options).positional == ["true"])
    #expect(throws: UsageError.self) { try ParsedArguments(["--autostart=yes"], options: ProcessArguments.options) }
  }

  @Test func downloadsAreAnswered() {
    for words in [["--version", "1.0.0"], ["--channel=canary"], ["--setup"]] {
      do throws(UsageError) {
        _ = try UpgradeCommand.specification.run?(try ParsedArguments(words, options: UpgradeCommand.specification.options))
        Issue.record("\(words)")
      } catch {
        #expect(error.message.contains("make install") && error.message.contains("pup upgrade"))
      }
    }
  }

  @Test func theNearestOptionIsNamed() {
    do throws(UsageError) {
      _ = try ParsedArguments(["--jsno"], options: options)
      Issue.record("--jsno is no option")
    } catch {
      #expect(error.message == "unknown option --jsno (did you mean --json?)")
    }
  }

  @Test func otherToolsNamesLeadToOurs() {
    for (name, ours) in [("ps", "status"), ("delete", "remove"), ("stats", "status")] {
      #expect(PupCommand.suggestion(for: name) == " (did you mean '\(ours)'?)")
      #expect(PupCommand.commands.contains { $0.name == ours })
    }
    #expect(PupCommand.suggestion(for: "xylophone").isEmpty)
  }

  @Test func numbersAreChecked() throws {
    let parsed = try ParsedArguments(["-n5"], options: options)
    #expect(try parsed.integer("lines", in: 0...10) == 5)
    #expect(throws: UsageError.self) { try parsed.integer("lines", in: 0...4) }
    let word = try ParsedArguments(["-n", "many"], options: options)
    #expect(throws: UsageError.self) { try word.integer("lines", in: 0...10) }
    #expect(try ParsedArguments([], options: options).integer("lines", in: 0...10) == nil)
  }
}
