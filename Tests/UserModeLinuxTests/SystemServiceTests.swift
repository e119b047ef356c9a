internal import Testing

extension KernelTests {
  /// `pup enable-service` by root, under the real systemd, and everything that can happen to the service then.
  @Suite(.enabled("needs systemd (apt-get install systemd dbus-user-session libpam-systemd)") { Systemd.isInstalled })
  struct SystemServiceTests {
    @Test func livesUnderSystemd() async throws {
      let script = """
        UNIT=demo.service
        folder='/srv/an "app" $HOME 50%'
        mkdir -p "$folder" /etc/systemd/system/demo.service.d
        cd "$folder"
        STARTS=starts
        : >starts
        cat >pup.json <<'END'
        {
          name: "demo", terminateTimeout: 3,
          processes: [
            { id: "steady", cmd: "echo start >>starts; exec testchild --hold", autostart: true },
            { id: "stubborn", cmd: "echo start >>starts; exec testchild --ignore TERM --hold", autostart: true },
            { id: "surroundings", cmd: "env; cat /proc/self/cgroup; ulimit -n", autostart: true, restart: "error" },
          ],
        }
        END
        # Three watchdog periods have to fit into a test, and one has to be long enough for a busy machine.
        printf '[Service]\\nWatchdogSec=3\\n' >/etc/systemd/system/demo.service.d/test.conf

        pup enable-service --env 'GREETING=a "b" $c 50%d' >"$WORK/enable" 2>&1
        echo $? >"$WORK/enable-code"
        systemctl is-enabled demo.service >"$WORK/is-enabled"
        wait_for 10 eval '[ "$(wc -l <starts)" -eq 2 ] && [ "$(named testchild)" -eq 2 ]'
        tell enabled

        brain=$(pids_of pup-supervisor)
        kill -KILL "$brain"
        wait_for 5 other pup-supervisor "$brain"
        tell brain-killed

        # The keeper replaces a brain that is silent for 5 s; so is the next one.
        mark stop-brain
        for turn in 1 2; do
          brain=$(pids_of pup-supervisor)
          kill -STOP "$brain"
          wait_for 20 other pup-supervisor "$brain"
        done
        tell brain-stopped

        keeper=$(pids_of pup-keeper)
        kill -KILL "$keeper"
        wait_for 20 revived "$keeper"
        tell keeper-killed

        # A brain that hangs holds the instance's lock, and nobody is there to end it.
        keeper=$(pids_of pup-keeper)
        kill -STOP "$(pids_of pup-supervisor)"
        kill -KILL "$keeper"
        wait_for 20 revived "$keeper"
        tell both-lost

        keeper=$(pids_of pup-keeper)
        kill -STOP "$keeper"
        wait_for 20 revived "$keeper"
        tell keeper-stopped

        systemctl reload demo.service
        echo $? >"$WORK/reload-code"

        # Killed while the stop waits for the one that ignores SIGTERM.
        systemctl stop --no-block demo.service
        wait_for 5 eval '[ "$(systemctl show -P ActiveState demo.service)" = deactivating ]'
        kill -KILL "$(pids_of pup-keeper)"
        wait_for 20 ended
        tell killed-while-stopping

        systemctl start demo.service
        tell started
        pup disable-service >"$WORK/disable" 2>&1
        echo $? >"$WORK/disable-code"
        tell disabled
        systemctl cat demo.service >"$WORK/cat" 2>&1
        find /etc/systemd/system -name 'demo*' >"$WORK/left"
        find /sys/fs/cgroup/system.slice -path '*demo*' >>"$WORK/left"
        mkdir -p "$WORK/.pup"
        cp -r .pup/. "$WORK/.pup/"
        """
      try await Guest.run(script, seconds: 240, systemd: true) { report in
        #expect(report.text("enable-code") == "0\n", "\(report.text("enable"))\n\(report.summary)")
        #expect(report.text("is-enabled") == "enabled\n")
        let first = try report.state("enabled")
        #expect(first.active == "active" && first.programs.count == 2 && first.starts == 2)
        #expect(first.keepers == [first.mainPid])

        try Self.expectNothingHappened(report, to: first, restarts: ["brain-killed": 0, "brain-stopped": 0])
        let patience = try report.mark("brain-stopped").uptime - report.mark("stop-brain").uptime
        #expect(patience > 9, "brains were silent for three watchdog periods")
        try Self.expectNothingHappened(
          report, to: first, restarts: ["keeper-killed": 1, "both-lost": 2, "keeper-stopped": 3])

        #expect(report.text("reload-code") != "0\n", "no success where nothing is reloaded")
        let killed = try report.state("killed-while-stopping")
        #expect(killed.programs.isEmpty && killed.keepers.isEmpty && killed.brains.isEmpty, "\(report.text("states"))")

        #expect(try report.state("started").active == "active")
        #expect(report.text("disable-code") == "0\n", "\(report.text("disable"))")
        let last = try report.state("disabled")
        #expect(last.programs.isEmpty && last.keepers.isEmpty && last.brains.isEmpty, "\(report.text("states"))")
        #expect(report.text("cat").contains("No files found"), "\(report.text("cat"))")
        #expect(report.lines("left") == ["/etc/systemd/system/demo.service.d"])

        try Self.expectSurroundings(report)
      }
    }

    /// The programs that ran at first run still, each once, under one keeper and one brain that systemd knows.
    private static func expectNothingHappened(
      _ report: GuestReport, to first: ServiceState, restarts: [String: Int]
    ) throws {
      for (name, count) in restarts {
        let state = try report.state(name)
        #expect(state.active == "active" && state.programs == first.programs && state.starts == 2, "\(report.text("states"))")
        #expect(state.keepers == [state.mainPid] && state.brains.count == 1, "\(report.text("states"))")
        #expect(state.restarts == count, "\(name)\n\(report.text("states"))")
      }
    }

    private static func expectSurroundings(_ report: GuestReport) throws {
      let lines = report.segments(of: "surroundings").flatMap(\.lines)
      func says(_ end: String) -> Bool { lines.contains { $0.hasSuffix(" " + end) } }
      #expect(says("GREETING=a \"b\" $c 50%d"), "\(lines)")
      #expect(says("1024"), "the soft limit of descriptors is what select(2) can take: \(lines)")
      #expect(lines.contains { $0.contains("/system.slice/demo.service/") && $0.contains("/surroundings.") }, "\(lines)")
      for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "INVOCATION_ID", "SYSTEMD_EXEC_PID", "PUP_RESTARTED_BY"] {
        #expect(!lines.contains { $0.contains(" \(name)=") }, "\(name) is not for programs")
      }
    }

    /// What cannot be done leaves nothing behind, and what is somebody else's is left alone.
    @Test func takesBackWhatFails() async throws {
      let script = """
        mkdir /srv/app
        cd /srv/app
        echo '{ processes: [{ id: "a", cmd: "testchild --hold", autostart: true }] }' >pup.json
        mkdir -p /etc/systemd/system
        find /etc/systemd/system >"$WORK/before"
        pup enable-service --name broken --data-dir /proc/nowhere >"$WORK/broken" 2>&1
        echo $? >>"$WORK/codes"
        systemctl is-failed broken.service >"$WORK/is-failed"
        pup enable-service --name dbus >"$WORK/hidden" 2>&1
        echo $? >>"$WORK/codes"
        printf '[Service]\\nExecStart=/bin/true\\n' >/etc/systemd/system/mine.service
        pup enable-service --name mine >"$WORK/mine" 2>&1
        echo $? >>"$WORK/codes"
        pup disable-service --name mine >"$WORK/mine-disable" 2>&1
        echo $? >>"$WORK/codes"
        cat /etc/systemd/system/mine.service >"$WORK/mine-now"
        rm /etc/systemd/system/mine.service
        find /etc/systemd/system >"$WORK/after"
        # A Pup that somebody started by hand is not doubled.
        pup run >"$WORK/out" 2>&1 &
        wait_for 10 eval '[ "$(named testchild)" -eq 1 ]'
        pup enable-service --name second >"$WORK/second" 2>&1
        echo $? >>"$WORK/codes"
        kill -TERM $!
        wait
        """
      try await Guest.run(script, seconds: 120, systemd: true) { report in
        #expect(report.lines("codes") == ["71", "65", "65", "65", "69"], "\(report.text("broken"))\n\(report.summary)")
        #expect(report.text("broken").contains("everything that was written has been removed again"), "\(report.text("broken"))")
        #expect(report.text("broken").contains("/proc/nowhere"), "it says why: \(report.text("broken"))")
        #expect(report.text("is-failed") == "inactive\n")
        #expect(report.text("before") == report.text("after"))
        #expect(report.text("hidden").contains("/lib/systemd/system/dbus.service exists"), "\(report.text("hidden"))")
        #expect(report.text("mine-now") == "[Service]\nExecStart=/bin/true\n")
        #expect(report.text("second").contains("Pup runs here already"), "\(report.text("second"))")
      }
    }
  }
}
