internal import CLinux
internal import Glibc
internal import Testing

extension Integration {
  /// What others wrote steers no terminal, whichever command shows it. Pipes get the bytes.
  @Suite struct TerminalBytesTests {
    /// Every byte that a terminal acts upon, and what stands there instead. Whole sequences are taken out of logs.
    private static let bytes: [UInt8] =
      Array("a\u{7}b\u{8}c\rd\u{E}e\u{5}f\u{9B}2Jg".utf8) + [0x9B] + Array("h\u{202E}i\u{1B}[2Jj\n".utf8)
    private static let shown = #"a^Gb^Hc^Md^Ne^Ef\u{9b}2Jg\x9bh\u{202e}ij"#
    /// In a string of the configuration; JSON5 takes control characters as they are.
    private static let evil = "e\u{7}\u{8}\u{E}\u{5}\u{1B}]0;x\u{7}\u{9B}2J\u{202E}"
    private static let evilShown = #"e^G^H^N^E^[]0;x^G\u{9b}2J\u{202e}"#

    private static let configuration = "{ processes: [ { id: 'one', autostart: true, restart: 'error', cmd: 'cat bytes' } ] }"

    /// The screen must not have been given what steers it, our own colours and line ends apart.
    private func check(_ terminal: Terminal, _ what: String, sourceLocation: SourceLocation = #_sourceLocation) {
      var rest = Substring(terminal.text)
      while let escape = rest.firstIndex(of: "\u{1B}") {
        rest = rest[escape...].dropFirst()
        let sequence = rest.prefix { $0 != "m" && $0 != "\u{1B}" && $0 != "\n" }
        #expect(
          sequence.first == "[" && sequence.dropFirst().allSatisfy { $0.isNumber || $0 == ";" }
            && rest.dropFirst(sequence.count).first == "m", "\(what): ESC \(sequence)", sourceLocation: sourceLocation)
      }
      let text = terminal.text.unicodeScalars
      let steering = text.filter { scalar in
        scalar.value < 0x20 && !["\n", "\r", "\t", "\u{1B}"].contains(scalar) || (0x7F...0x9F).contains(scalar.value)
          || scalar == "\u{202E}"
      }
      #expect(steering.isEmpty, "\(what): \(terminal.text.debugDescription)", sourceLocation: sourceLocation)
      // The terminal itself makes "\r\n" of "\n".
      let returns = zip(text, text.dropFirst()).count { $0 == "\r" && $1 != "\n" }
      #expect(returns == 0, "\(what): \(terminal.text.debugDescription)", sourceLocation: sourceLocation)
    }

    private func show(_ pup: Pup, _ words: [String], until text: String) throws {
      let terminal = try Terminal()
      let child = try pup.background(words, terminal: terminal.path)
      try terminal.wait(for: text)
      child.signal(SIGTERM)
      _ = child.wait(seconds: 10)
      check(terminal, words.joined(separator: " "))
    }

    @Test(.timeLimit(.minutes(5))) func aProgramsOutputOnEveryWay() throws {
      try Pup.test(Self.configuration) { pup in
        pup.environment["TERM"] = "xterm"
        try Files.write(Self.bytes, to: pup.path("bytes"))
        let console = try Terminal()
        try pup.launch(["run"], terminal: console.path)
        try pup.awaitBrain()
        try pup.reach("one", "finished")
        try console.wait(for: Self.shown)
        check(console, "run")
        for words in [["logs"], ["logs", "one", "--output", "long"], ["logs", "one", "--follow"]] {
          try show(pup, words, until: Self.shown)
        }
        try show(pup, ["logs", "one", "--json"], until: "202e}ij")
        _ = try pup.command(["logs", "one", "--output", "raw", "--grep", "2J"])
        let raw = Array(Self.bytes.split(separator: 0x1B)[0]) + Array("j\n".utf8)
        #expect(Files.bytes(pup.path("command-output")) == raw, "a pipe gets the bytes")
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func aForeignConfigurationOnEveryWay() throws {
      let configuration = "{ processes: [ { id: 'one', cmd: 'true', '\(Self.evil)': 1 } ] }"
      try Pup.test(configuration) { pup in
        pup.environment["TERM"] = "xterm"
        let piped = try pup.command(["check"])
        #expect(piped.error.contains(Self.evil), "a pipe gets the bytes")
        for words in [
          ["check"], ["run"], ["enable-service", "--dry-run"], ["remove", "one"], ["append", "--id", "x", "-C", "true"],
        ] {
          try show(pup, words, until: words[0] == "remove" || words[0] == "append" ? "pup.json" : Self.evilShown)
        }
      }
    }

    /// Words of the command line and names of files come from others as well (scripts, completion of downloaded names).
    @Test(
      .timeLimit(.minutes(5)),
      arguments: [
        ["status", "--config", evil], ["run", "--config", evil], ["check", "--config", evil], ["logs", "--cwd", evil],
        ["logs", evil], ["start", evil], ["why", evil], ["history", "--config", evil],
        ["token", "--consumer", evil, "--config", evil],
        ["monitor", "--type", evil], ["logs", "--since", evil], ["logs", "--grep", "(" + evil], ["help", evil], [evil],
        ["run", "--" + evil], ["remove", evil], ["terminate", "--timeout", evil], ["completion", evil], ["upgrade", evil],
      ])
    func whatTheCommandLineNames(_ words: [String]) throws {
      try Pup.test("{ processes: [ { id: 'one', cmd: 'true' } ] }") { pup in
        pup.environment["TERM"] = "xterm"
        try show(pup, words, until: "pup")
      }
    }
  }
}
