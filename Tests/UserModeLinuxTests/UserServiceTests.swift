internal import Testing

extension KernelTests {
  /// An ordinary user under a real user manager of systemd: `pup enable-service`, and `pup run` from a login session.
  @Suite(.enabled("needs systemd (apt-get install systemd dbus-user-session libpam-systemd)") { Systemd.isInstalled })
  struct UserServiceTests {
    private static let lingering = """
      loginctl enable-linger tester || fail "enable-linger"
      wait_for 30 test -S /run/user/1234/systemd/private
      """

    private static let configuration = """
      mkdir /home/tester/app
      STARTS=/home/tester/app/starts
      : >$STARTS
      cat >/home/tester/app/pup.json <<'END'
      {
        terminateTimeout: 3,
        processes: [
          { id: "steady", cmd: "echo start >>starts; exec testchild --hold", autostart: true },
          { id: "where", cmd: "cat /proc/self/cgroup; cat /proc/$PPID/comm", autostart: true, restart: "error" },
        ],
      }
      END
      chown -R tester:tester /home/tester
      """

    @Test func aServiceOfTheirOwn() async throws {
      let script = """
        \(Self.lingering)
        \(Self.configuration)
        UNIT=pup.service
        SCOPE=--user
        as_tester 'cd app; pup enable-service --system' >"$WORK/refused" 2>"$WORK/refused-why"
        echo $? >>"$WORK/codes"
        as_tester 'cd app; pup enable-service' >"$WORK/enable" 2>&1
        echo $? >>"$WORK/codes"
        wait_for 10 eval '[ "$(named testchild)" -eq 1 ]'
        tell enabled
        brain=$(pids_of pup-supervisor)
        kill -KILL "$brain"
        wait_for 5 other pup-supervisor "$brain"
        tell brain-killed
        keeper=$(pids_of pup-keeper)
        kill -KILL "$keeper"
        wait_for 20 revived "$keeper"
        tell keeper-killed
        manager stop pup.service
        tell stopped
        manager start pup.service
        as_tester 'cd app; pup disable-service' >"$WORK/disable" 2>&1
        echo $? >>"$WORK/codes"
        tell disabled
        find /home/tester/.config/systemd -name 'pup*' >"$WORK/left"
        cp -r /home/tester/app/.pup "$WORK/"
        """
      try await Guest.run(script, seconds: 180, systemd: true) { report in
        #expect(
          report.lines("codes") == ["77", "0", "0"], "\(report.text("enable"))\(report.text("disable"))\n\(report.summary)")
        #expect(report.text("refused-why").contains("only root"), "\(report.text("refused-why"))")
        #expect(report.text("refused").contains("cat >/etc/systemd/system/pup.service <<'END'"), "\(report.text("refused"))")
        let first = try report.state("enabled")
        #expect(first.active == "active" && first.programs.count == 1 && first.keepers == [first.mainPid])
        for (name, count) in [("brain-killed", 0), ("keeper-killed", 1)] {
          let state = try report.state(name)
          #expect(state.active == "active" && state.programs == first.programs && state.starts == 1, "\(report.text("states"))")
          #expect(state.restarts == count && state.keepers == [state.mainPid], "\(report.text("states"))")
        }
        for name in ["stopped", "disabled"] {
          let state = try report.state(name)
          #expect(state.active == "inactive" && state.programs.isEmpty && state.keepers.isEmpty, "\(report.text("states"))")
        }
        #expect(report.text("left").isEmpty, "\(report.text("left"))")
        let groups = report.segments(of: "where").flatMap(\.lines)
        #expect(
          groups.contains { $0.contains("/user@1234.service/app.slice/pup.service/") && $0.contains("/where.") }, "\(groups)")
      }
    }

    /// From a login session only the user manager can make cgroups: `pup run` moves into a scope of it, also when it comes back
    /// to programs that an earlier session left, whose cgroups are elsewhere. But the user manager of a user who does not linger
    /// ends with the last session, and would take its scopes with it.
    @Test func aScopeWhereItLasts() async throws {
      let script = """
        printf '[Login]\\nKillUserProcesses=no\\nUserStopDelaySec=0\\n' >/etc/systemd/logind.conf
        systemctl start systemd-logind.service
        \(Self.configuration)
        as_tester 'cd app; nohup pup run >nohup.out 2>&1 & while ! grep -q "where:finished" nohup.out; do sleep 0.1; done'
        mark logged-out
        program=$(pids_of testchild)
        wait_for 20 eval '[ "$(loginctl show-user tester -P State 2>/dev/null)" != active ]'
        # Ten times as long as the user manager would take to end.
        sleep 3
        [ "$(pids_of testchild)" = "$program" ] && echo session >>"$WORK/survived"
        kill -TERM "$(pids_of pup-keeper)"
        wait_for 10 eval '[ "$(named pup-keeper)" -eq 0 ]'

        \(Self.lingering)
        as_tester 'cd app; exec pup run' >"$WORK/first" 2>&1 &
        wait_for 20 grep -q "where:finished" "$WORK/first"
        keeper=$(pids_of pup-keeper)
        brain=$(pids_of pup-supervisor)
        program=$(pids_of testchild)
        kill -STOP "$brain"
        kill -KILL "$keeper" "$brain"
        wait_for 10 eval '[ "$(named pup-supervisor)" -eq 0 ]'
        as_tester 'cd app; exec pup run' >"$WORK/out" 2>&1 &
        wait_for 20 grep -q "where:finished" "$WORK/out"
        [ "$(pids_of testchild)" = "$program" ] && echo scope >>"$WORK/survived"
        kill -TERM "$(pids_of pup-keeper)"
        wait
        wait_for 5 eval '[ -z "$(find /sys/fs/cgroup/user.slice -name "pup-*")" ]'
        cp -r /home/tester/app/.pup "$WORK/"
        """
      try await Guest.run(script, seconds: 180, systemd: true) { report in
        #expect(report.lines("survived") == ["session", "scope"], "\(report.summary)")
        let lines = report.segments(of: "where").flatMap(\.lines).filter { (line: String) in line.contains(" stdout ") }
        let groups = lines.filter { $0.contains("0::/") }
        let parents = lines.filter { !$0.contains("0::/") }.map { $0.split(separator: " ").last ?? "" }
        #expect(groups.count == 3 && groups.first?.contains("/session-") == true, "\(lines)")
        #expect(parents == ["pup-init", "pup-keeper", "pup-keeper"], "\(lines)")
        for group in groups.dropFirst() {
          #expect(group.contains("/user@1234.service/app.slice/pup-") && group.contains(".scope/pup-"), "\(lines)")
        }
      }
    }
  }
}
