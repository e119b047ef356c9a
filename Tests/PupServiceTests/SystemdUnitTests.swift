internal import Glibc
import Testing

@testable import PupService

@Suite struct SystemdUnitTests {
  @Test func aServiceOfTheMachine() throws {
    let definition = try makeDefinition(
      runAs: "www-data", storageOptions: ["--data-dir", "/var/lib/app"],
      variables: [ServiceVariable(name: "PATH", value: "/usr/bin")],
      stopSeconds: 100)
    let plan = ServicePlan.make(definition, for: .systemd, in: ServiceSurroundings())
    #expect(plan.files.map(\.path) == ["/etc/systemd/system/app.service"])
    #expect(
      plan.files[0].content == """
        # Written by `pup enable-service`, which overwrites it when run again. Own settings: systemctl edit app.service
        # data: /srv/app/.pup/pup.json-data
        # temporary: /srv/app/.pup/pup.json-tmp

        [Unit]
        Description=Pup: /srv/app/pup.json
        After=network.target
        StartLimitIntervalSec=0

        [Service]
        Type=notify
        NotifyAccess=main
        User=www-data
        WorkingDirectory=/srv/app
        Environment="PUP_RESTARTED_BY=systemd"
        Environment="PATH=/usr/bin"
        ExecStart="/usr/local/bin/pup" "run" "--config" "/srv/app/pup.json" "--data-dir" "/var/lib/app"
        ExecStopPost="/usr/local/bin/pup" "sweep" "--config" "/srv/app/pup.json" "--data-dir" "/var/lib/app" "--service" "app.service"
        Restart=always
        RestartSec=500ms
        RestartPreventExitStatus=64 65 69 76 77
        TimeoutStartSec=infinity
        TimeoutStopSec=120
        WatchdogSec=30
        KillMode=process
        OOMPolicy=continue
        Delegate=yes
        LimitNOFILE=1024:524288
        TasksMax=infinity

        [Install]
        WantedBy=multi-user.target

        """)
    #expect(
      plan.enable.map(\.text) == [
        "systemctl enable --quiet --no-reload app.service", "systemctl daemon-reload", "systemctl start app.service",
      ])
  }

  @Test func aServiceOfOneUser() throws {
    let definition = try makeDefinition(scope: .user)
    let surroundings = ServiceSurroundings.look(home: "/home/ann", configHome: nil)
    let plan = ServicePlan.make(definition, for: .systemd, in: surroundings)
    #expect(plan.files.map(\.path) == ["/home/ann/.config/systemd/user/app.service"])
    let lines = plan.files[0].content.split(separator: "\n")
    #expect(lines.contains("WantedBy=default.target"))
    #expect(!lines.contains { $0.hasPrefix("After=") }, "a user's systemd has no network.target")
    #expect(lines.contains { $0.hasPrefix("ExecStopPost=") && $0.hasSuffix("\"--service\" \"app.service\" \"--user\"") })
    #expect(plan.enable.allSatisfy { $0.words.starts(with: ["systemctl", "--user"]) })
    let moved = ServiceSurroundings.look(home: "/home/ann", configHome: "/home/ann/.conf")
    #expect(moved.userUnits == "/home/ann/.conf/systemd/user")
  }

  @Test func quoting() {
    #expect(SystemdText.argument("50% of $A \"b\" \\ é") == #""50%% of $$A \"b\" \\ é""#)
    #expect(SystemdText.program("/a $b/pup") == #""/a $b/pup""#)
    let variable = ServiceVariable(name: "A", value: "x\ty\nz$w\u{1}")
    #expect(SystemdText.assignment(variable) == #""A=x\ty\nz$w\x01""#)
    #expect(SystemdText.line("/a b%c") == "/a b%%c")
    for text in ["/a ", " /a", "/a\\", "/a\nb"] { #expect(SystemdText.line(text) == nil) }
  }

  /// Not the working directory, which a line of a unit could not hold: Pup goes there itself.
  @Test func aFolderThatNoLineHolds() throws {
    let text = SystemdUnit.text(try makeDefinition(directory: "/srv/app\\"))
    #expect(!text.contains("WorkingDirectory"))
    #expect(text.contains(#""/srv/app\\/pup.json""#))
  }

  /// What systemd itself says about it, where there is one.
  @Test(
    .enabled("needs systemd-analyze (apt-get install systemd)") { access("/usr/bin/systemd-analyze", X_OK) == 0 },
    arguments: [ServiceScope.system, .user])
  func systemdFindsNothingWrong(scope: ServiceScope) throws {
    try withFolder { folder in
      // A program that exists, and folders whose names need every kind of quoting.
      let (programs, odd) = (folder + "/a  b 50% $HOME", folder + "/a \"b\" 'c' 50% $HOME \\ d")
      try #require(mkdir(programs, 0o755) == 0 && mkdir(odd, 0o755) == 0)
      try #require(symlink("/bin/true", programs + "/pup") == 0)
      let definition = try makeDefinition(
        scope: scope, program: programs + "/pup", directory: odd,
        variables: [ServiceVariable(name: "GREETING", value: "a \"b\" $c 50%d\\\nnext")])
      let unit = folder + "/app.service"
      try write(SystemdUnit.text(definition), to: unit)
      let words =
        ["env", "XDG_RUNTIME_DIR=\(folder)", "systemd-analyze", "verify"] + (scope == .user ? ["--user"] : []) + [
          "--recursive-errors=no", "--man=no", unit,
        ]
      let outcome = ServiceCommand.run(words, seconds: 60)
      #expect(outcome.isSuccess && !outcome.output.contains("app.service"), "\(outcome)")
    }
  }
}
