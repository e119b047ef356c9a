internal import Glibc
internal import Testing

extension Integration {
  /// The completions, in the shells themselves.
  @Suite struct CliCompletionTests {
    private static let configuration = """
      { processes: [ { id: 'web', autostart: true, cmd: '\(Machine.child) --hold' }, { id: 'worker', cmd: 'true', cluster: { instances: 2 } } ] }
      """

    /// What a shell prints.
    private func output(_ pup: Pup, _ words: [String]) throws -> [String] {
      Files.remove(pup.path("shell"))
      pup.environment["PATH"] = Machine.binaries + ":/usr/local/bin:/usr/bin:/bin"
      let child = try pup.background(program: words, output: "shell")
      #expect(child.wait(seconds: 20) == .exited(0), "\(Files.text(pup.path("shell")) ?? "")")
      return Files.lines(pup.path("shell"))
    }

    private func bash(_ pup: Pup, _ words: String...) throws -> [String] {
      let list = words.map { "'\($0)'" }.joined(separator: " ")
      let script = """
        source <(pup completion bash)
        complete -p pup > /dev/null || exit 9
        COMP_WORDS=(pup \(list)); COMP_CWORD=\(words.count)
        _pup
        printf '%s\\n' "${COMPREPLY[@]}"
        """
      return try output(pup, ["bash", "--norc", "-c", script])
    }

    @Test(.timeLimit(.minutes(5))) func bashCompletes() throws {
      try Pup.test(Self.configuration) { pup in
        #expect(try bash(pup, "re") == ["remove", "restart"])
        #expect(try bash(pup, "status", "--js") == ["--json"])
        #expect(try bash(pup, "logs", "--severity", "=", "w") == ["warn"])
        // From the configuration: nothing runs.
        #expect(try bash(pup, "start", "w") == ["worker", "web", "worker-1", "worker-2"])
        #expect(try bash(pup, "check", "--config", "pup.j") == ["pup.json"])
        #expect(try bash(pup, "check", "--cwd", "lib") == ["libexec"])
        #expect(!Files.exists(pup.path(".pup")))
        try pup.run()
        #expect(Set(try bash(pup, "stop", "")) == ["web", "worker", "worker-1", "worker-2", "all"])
        #expect(try bash(pup, "stop", "web", "we") == [])
        Files.remove(pup.path("pup.json"))
        // The Pup that runs knows better than the folder.
        try Files.write("{ processes: [] }", to: pup.path("pup.json"))
        #expect(try bash(pup, "why", "we") == ["web"])
        try pup.stop()
      }
    }

    @Test(
      .timeLimit(.minutes(5)), .enabled(if: Machine.hasProgram("zsh"), "zsh is not installed: its completion is not tested here"))
    func zshCompletes() throws {
      try Pup.test(Self.configuration) { (pup) throws in
        // _describe needs the line editor; what it would be given is what counts.
        let script = """
          autoload -Uz compinit; compinit -u -d \(pup.path("zcompdump"))
          source <(pup completion zsh)
          [ "${_comps[pup]}" = _pup ] || exit 9
          _describe() { print -l -- "${(@P)2}" }
          _files() { print files "$@" }
          words=(pup stop we); CURRENT=3; _pup
          words=(pup completion ''); CURRENT=3; _pup
          words=(pup check --cwd ''); CURRENT=4; _pup
          """
        let lines = try output(pup, ["zsh", "-f", "-c", script])
        #expect(lines == ["web", "bash", "zsh", "fish", "files -/"])
      }
    }

    @Test(
      .timeLimit(.minutes(5)),
      .enabled(if: Machine.hasProgram("fish"), "fish is not installed: its completion is not tested here"))
    func fishCompletes() throws {
      try Pup.test(Self.configuration) { pup in
        let script = """
          pup completion fish | source
          complete -C 'pup stop we'
          complete -C 'pup completion z'
          complete -C 'pup sta'
          """
        let lines = try output(pup, ["fish", "--no-config", "-c", script])
        #expect(lines.prefix(2) == ["web", "zsh"])
        #expect(lines.dropFirst(2).map { $0.prefix { $0 != "\t" } } == ["status", "start"] || lines.count == 4)
      }
    }
  }
}
