internal import Testing

extension KernelTests {
  /// A kernel that cannot do everything costs answers, never programs. (The one of Debian 12 is 6.1, the oldest that Pup
  /// supports.)
  @Suite struct KernelFeatureTests {
    @Test(arguments: [true, false])
    func survivorsAreAdopted(withCgroups: Bool) async throws {
      let script = """
        mount_cgroups
        uname -r >release
        features.py /sys/fs/cgroup >features
        \(withCgroups ? "" : "export PUP_CGROUPS=off")
        cat >"$HOST/tools/survivor" <<'END'
        #!/bin/sh
        mark started
        while [ ! -e go ]; do sleep 0.1; done
        echo "last words"
        exit 7
        END
        chmod +x "$HOST/tools/survivor"
        echo '{ processes: [{ id: "survivor", cmd: "survivor", autostart: true, restartDelayMs: 3600000 }] }' >pup.json
        pup run >out 2>&1 &
        keeper=$!
        wait_for 10 marked started
        brain=$(pids_of pup-supervisor)
        kill -STOP "$brain"
        kill -KILL "$keeper"
        wait "$keeper"
        kill -KILL "$brain"
        wait_for 5 eval '[ "$(named pup-supervisor)" -eq 0 ]'
        named survivor >alive
        pup run >>out 2>&1 &
        keeper=$!
        wait_for 10 grep -q "took over" out
        touch go
        wait_for 10 grep -q "survivor:.*; restarts in" out
        kill -TERM "$keeper"
        wait "$keeper"
        echo $? >code
        """
      try await Guest.run(script) { report in
        let features = Dictionary(
          report.lines("features").map { line in
            let words = line.split(separator: " ")
            return (String(words.first ?? ""), words.last == "yes")
          }, uniquingKeysWith: { first, _ in first })
        let release = report.lines("release").first ?? ""
        print("User-Mode-Linux \(release): \(report.lines("features").joined(separator: ", "))")
        // Without these nothing would work here; they are older than the oldest kernel that is supported.
        for name in ["clone_into_cgroup", "cgroup_kill", "pidfd", "close_range"] {
          #expect(features[name] == true, "\(release): \(report.text("features"))")
        }
        // A pup-init is still the parent; else the kernel has to tell.
        let isExitKnown = !withCgroups || features["pidfd_exit_info"] == true

        #expect(report.text("alive") == "1\n", "\(report.summary)")
        #expect(report.marks("started").count == 1, "\(report.summary)")
        #expect(report.text("code") == "0\n", "\(report.summary)")
        let words = report.segments(of: "survivor").flatMap(\.lines).filter { $0.hasSuffix("last words") }
        #expect(words.count == 1, "\(report.summary)")
        let end = report.lines("out").first { $0.contains("survivor:") && $0.contains("; restarts in") } ?? ""
        #expect(end.contains(isExitKnown ? "exit code 7" : "exit status unknown"), "\(end)")
      }
    }
  }
}
