import Testing

@testable import PupCommandLine

@Suite struct LeadingOptionsTests {
  @Test(
    arguments: [
      (["status", "web"], "status", ["web"]), (["--config", "f", "status"], "status", ["--config", "f"]),
      (["-c", "f", "stop", "web", "--no-wait"], "stop", ["-c", "f", "web", "--no-wait"]),
      (["--config=f", "--json", "status"], "status", ["--config=f", "--json"]), (["-n5", "logs"], "logs", ["-n5"]),
      (["--cwd", "status", "logs"], "logs", ["--cwd", "status"]), (["--config", "f"], nil, ["--config", "f"]),
      (["-A", "--", "run"], nil, ["-A", "--", "run"]), (["--nonsense", "status"], "status", ["--nonsense"]), ([], nil, []),
    ] as [([String], String?, [String])])
  func theCommandIsFound(_ words: [String], _ command: String?, _ arguments: [String]) {
    let split = LeadingOptions(words, commands: PupCommand.commands)
    #expect(split.command == command && split.arguments == arguments)
  }
}

@Suite struct ProgramHintTests {
  @Test(
    arguments: [
      (["app.js"], "pup run -A -W app.js"), (["src/worker.PY"], "pup run -A -W src/worker.PY"),
      (["app.js", "--port", "3"], "pup run -A -W 'app.js --port 3'"),
      (["node x.js"], "pup run -A -C 'node x.js'"), (["node", "x.js"], "pup run -A -- node x.js"),
      (["/bin/sh"], "pup run -A -- /bin/sh"),
      (["web"], nil), (["web-*"], nil), (["v1.2"], nil), ([".js"], nil), (["web", "worker"], nil), ([], nil),
    ] as [([String], String?)])
  func whatWasMeant(_ words: [String], _ command: String?) { #expect(ProgramHint.command(for: words) == command) }
}
