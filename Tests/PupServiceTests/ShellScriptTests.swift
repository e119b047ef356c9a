internal import Glibc
import Testing

@testable import PupService

/// The scripts of the service managers that are made of shell.
@Suite struct ShellScriptTests {
  /// Every script that a shell reads, with every kind of character that a shell knows.
  private static func scripts(_ definition: ServiceDefinition) -> [(name: String, text: String)] {
    [
      ("OpenRC", OpenRCScript.text(definition)), ("runit run", RunitScripts.run(definition)),
      ("runit finish", RunitScripts.finish(definition)), ("runit log", RunitScripts.log(definition)),
      ("sysvinit", SysVInitScript.text(definition)),
      ("Upstart", upstartScripts(UpstartJob.text(definition)).joined(separator: "\n")),
    ]
  }

  /// What stands between `script` and `end script`.
  private static func upstartScripts(_ job: String) -> [String] {
    var scripts: [String] = []
    var current: [Substring]?
    for line in job.split(separator: "\n", omittingEmptySubsequences: false) {
      if line == "end script" {
        scripts.append((current ?? []).joined(separator: "\n"))
        current = nil
      } else if line == "script" || line == "post-stop script" {
        current = []
      } else {
        current?.append(line)
      }
    }
    return scripts
  }

  private static let odd = "/srv/a \"b\"  'c' $HOME `x` \\ * 50%"

  @Test func shellsUnderstandThem() throws {
    let definition = try makeDefinition(
      runAs: "www-data", directory: Self.odd, variables: [ServiceVariable(name: "A", value: "it's \"$x\"\n`y`")])
    try withFolder { folder in
      for (name, text) in Self.scripts(definition) {
        try write(text, to: folder + "/script")
        for shellName in ["sh", "bash"] {
          let (code, output) = shell(shellName, "-n", folder + "/script")
          #expect(code == 0, "\(name) in \(shellName): \(output)")
        }
      }
    }
  }

  /// A word keeps what it is, whatever is in it.
  @Test(arguments: ["", "plain", "a b", "it's", "\"$HOME\"", "`x`;#&|", "-n", "~", "*", "line\nline", "é"])
  func quoting(word: String) {
    let (code, output) = shell("sh", "-c", "printf '%s|' \(ShellText.quote(word)) end")
    #expect(code == 0 && output == "\(word)|end|", "\(ShellText.quote(word))")
    let export = ShellText.exports([ServiceVariable(name: "A", value: word)])
    #expect(shell("sh", "-c", "\(export)printf '%s|' \"$A\"").output == "\(word)|")
  }

  /// OpenRC hands its variables to `eval`, unquoted.
  @Test func openRCsVariablesSurviveEval() throws {
    let definition = try makeDefinition(
      directory: Self.odd,
      variables: [ServiceVariable(name: "PATH", value: "/usr/bin:/bin"), ServiceVariable(name: "A", value: "it's  $b")])
    try withFolder { folder in
      try write(OpenRCScript.text(definition), to: folder + "/script")
      let program = """
        RC_SVCNAME=app
        . "$0"
        eval printf "'%s\\n'" ${directory:+--chdir} $directory $supervise_daemon_args $command -- $command_args
        """
      let (code, output) = shell("sh", "-c", program, folder + "/script")
      #expect(code == 0)
      #expect(
        output.split(separator: "\n").map(String.init) == [
          "--chdir", Self.odd, "--env", "PUP_RESTARTED_BY=openrc", "--env", "PATH=/usr/bin:/bin", "--env", "A=it's  $b",
          "/usr/local/bin/pup", "--", "run", "--config", Self.odd + "/pup.json",
        ], "\(output)")
    }
  }

  @Test func upstartJob() throws {
    let job = UpstartJob.text(try makeDefinition(runAs: "www-data", variables: [ServiceVariable(name: "A", value: "b c")]))
    let lines = job.split(separator: "\n")
    for line in [
      "respawn", "respawn limit unlimited", "normal exit 64 65", "kill timeout 50", "setuid www-data", "start on runlevel [2345]",
      "stop on runlevel [!2345]", "script", "end script", "post-stop script", "export PUP_RESTARTED_BY='upstart'",
      "export A='b c'", "cd /srv/app", "exec /usr/local/bin/pup run --config /srv/app/pup.json",
    ] {
      #expect(lines.contains(Substring(line)), "\(line)")
    }
    // Stanzas and scripts alternate: each script has its end.
    #expect(lines.count { $0.hasSuffix("script") && !$0.hasPrefix("end") } == lines.count { $0 == "end script" })
  }

  @Test func nobodyRestartsUnderSysvinit() throws {
    let script = SysVInitScript.text(try makeDefinition())
    #expect(!script.contains("PUP_RESTARTED_BY"))
    for manager in ServiceManagerKind.allCases where manager != .sysvinit {
      let plan = ServicePlan.make(try makeDefinition(), for: manager, in: ServiceSurroundings())
      #expect(plan.files[0].content.contains("PUP_RESTARTED_BY"), "\(manager)")
    }
  }
}
