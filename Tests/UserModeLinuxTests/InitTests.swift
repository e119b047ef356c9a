internal import Testing

extension KernelTests {
  /// Pup is the first process of a machine: everybody's last parent, and a signal to it is the wish to end.
  @Suite struct InitTests {
    @Test(arguments: [true, false])
    func reapsStrangersAndEndsWithItsCode(withCgroups: Bool) async throws {
      let script = """
        \(withCgroups ? "mount_cgroups" : "")
        export MARKS=$HOST/marks
        mkfifo gate
        cat >"$HOST/tools/orphans" <<'END'
        #!/bin/sh
        number=0
        while [ $number -lt 200 ]; do
          (read -r _ <gate &)
          number=$((number + 1))
        done
        exec sleep 1000
        END
        cat >"$HOST/tools/check" <<'END'
        #!/bin/sh
        . "$HOST/tools/functions.sh"
        wait_for 15 eval '[ "$(named orphans)" -eq 200 ]'
        # The last one may not have come to its gate yet.
        sleep 0.5
        # Opened and closed: all two hundred end at the same time.
        : >gate
        wait_for 10 eval '[ "$(named orphans)" -eq 0 ]'
        wait_for 15 eval '[ "$(named stranger)" -eq 0 ]'
        mark reaped
        kill -TERM 1
        exec sleep 1000
        END
        cat >"$HOST/tools/polite" <<'END'
        #!/bin/sh
        trap 'mark asked; exit 0' TERM
        mark ready
        while :; do sleep 0.1; done
        END
        printf '#!/bin/sh\\nsleep 4\\n' >"$HOST/tools/stranger"
        chmod +x "$HOST"/tools/*
        cat >pup.json <<'END'
        {
          terminateTimeout: 2,
          processes: [
            { id: "polite", cmd: "polite", autostart: true },
            { id: "orphans", cmd: "orphans", autostart: true },
            { id: "check", cmd: "check", autostart: true },
            { id: "holdout", cmd: "testchild --ignore TERM --hold", autostart: true },
          ],
        }
        END
        # Children that nobody told Pup of.
        for number in 1 2 3; do stranger & done
        exec pup run --config pup.json >"$HOST/work/out" 2>&1
        """
      try await Guest.run(script, panics: true) { report in
        #expect(report.marks("ready").count == 1, "\(report.summary)")
        let reaped = try report.mark("reaped")
        let asked = try report.mark("asked")
        #expect((0...2).contains(asked.uptime - reaped.uptime), "\(report.summary)")
        // The last words of a kernel whose first process has ended name its wait status.
        #expect(report.console.contains("Attempted to kill init! exitcode=0x00000000"), "\(report.summary)")
        #expect(report.text("out").contains("everything is stopped"), "\(report.summary)")
        #expect(report.text("out").contains("[holdout:stopping] did not stop in time: sending SIGKILL"), "\(report.summary)")
      }
    }

    /// Nobody tells the new first process of children that ended under the old one.
    @Test func reapsWhatEndedBeforeItsTime() async throws {
      let script = """
        export MARKS=$HOST/marks
        cat >"$HOST/tools/check" <<'END'
        #!/bin/sh
        . "$HOST/tools/functions.sh"
        mark ready
        wait_for 10 eval '[ "$(named early)" -eq 0 ]'
        mark reaped
        kill -TERM 1
        exec sleep 1000
        END
        chmod +x "$HOST"/tools/*
        echo '{ processes: [{ id: "check", cmd: "check", autostart: true }] }' >pup.json
        exec >"$HOST/work/out" 2>&1
        # A shell would reap them.
        exec python3 -c '
        import os, time
        for number in range(3):
            if os.fork() == 0:
                open("/proc/self/comm", "w").write("early")
                os._exit(0)
        time.sleep(1)
        os.execvp("pup", ["pup", "run", "--config", "pup.json"])
        '
        """
      try await Guest.run(script, panics: true) { report in
        #expect(report.marks("ready").count == 1, "\(report.summary)")
        #expect(report.marks("reaped").count == 1, "\(report.summary)")
        #expect(report.console.contains("Attempted to kill init! exitcode=0x00000000"), "\(report.summary)")
      }
    }

    /// What it answers when nothing can be started is told to whoever started the machine.
    @Test func endsWithItsCodeWhenNothingCanStart() async throws {
      let script = """
        echo '{ processes: [{ id: "a" }] }' >pup.json
        exec pup run --config pup.json >"$HOST/work/out" 2>&1
        """
      try await Guest.run(script, seconds: 20, panics: true) { report in
        #expect(report.console.contains("Attempted to kill init! exitcode=0x00004100"), "\(report.summary)")
      }
    }
  }
}
