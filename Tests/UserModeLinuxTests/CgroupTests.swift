internal import Testing

extension KernelTests {
  /// How the tree of a run is kept together, with all controllers of cgroup v2 and without any cgroup.
  @Suite struct CgroupTests {
    enum Machine: String, CaseIterable, CustomTestStringConvertible {
      /// The controllers are handed down to the runs.
      case controllers
      /// Pup is in a cgroup that is not the root, as below a service manager.
      case service
      /// Nothing of cgroup v2 is mounted.
      case none
      /// It is mounted, but may not be changed, as in many containers.
      case readOnly

      var testDescription: String { rawValue }
      var hasCgroups: Bool { self == .controllers || self == .service }

      var script: String {
        switch self {
        case .controllers:
          """
          mount_cgroups
          echo "+memory +pids +cpu" >/sys/fs/cgroup/cgroup.subtree_control || fail "no controllers"
          """
        case .service:
          """
          mount_cgroups
          mkdir /sys/fs/cgroup/service
          echo $$ >/sys/fs/cgroup/service/cgroup.procs || fail "not moved"
          """
        case .none: ""
        case .readOnly:
          """
          mount_cgroups
          mount -o remount,ro,bind /sys/fs/cgroup || fail "remount"
          """
        }
      }
    }

    @Test(arguments: Machine.allCases)
    func aForkBombEndsAtTheDeadline(machine: Machine) async throws {
      let script = """
        \(machine.script)
        cat >pup.json <<'END'
        {
          terminateTimeout: 2,
          processes: [
            { id: "bomb", cmd: "testchild --ignore TERM --pids bomb-pids --fork-bomb 200 --hold", autostart: true },
            { id: "outsider", cmd: "testchild --pids outsider-pids --orphan-ignore-term --env-clear-orphan --hold", autostart: true },
            { id: "where", cmd: "cat /proc/self/cgroup; cat /proc/$PPID/comm", autostart: true, restart: "error" },
          ],
        }
        END
        pup run >out 2>&1 &
        pup=$!
        wait_for 25 eval '[ "$(sort -u bomb-pids | wc -l)" -ge 201 ]'
        wait_for 5 eval '[ "$(sort -u outsider-pids | wc -l)" -eq 2 ]'
        wait_for 5 grep -q "where:finished" out
        find /sys/fs/cgroup -mindepth 1 -type d -path '*pup-*' >cgroups
        mark stop
        kill -TERM $pup
        wait $pup
        echo $? >code
        mark stopped
        find /sys/fs/cgroup -mindepth 1 -type d -path '*pup-*' >cgroups-left
        # This shell is the parent of what nobody else wanted.
        wait
        for pid in $(sort -u bomb-pids outsider-pids); do [ ! -e /proc/$pid ] || echo $pid; done >left
        for name in pup-keeper pup-supervisor pup-init testchild; do echo "$name $(named "$name")"; done >names-left
        """
      try await Guest.run(script, memory: "384M") { report in
        #expect(report.text("code") == "0\n", "\(report.summary)")
        let time = try report.mark("stopped").uptime - report.mark("stop").uptime
        #expect((1.9...2 + 4).contains(time), "terminateTimeout is 2 s, the stop took \(time)\n\(report.summary)")
        #expect(report.text("left").isEmpty, "\(report.text("left"))\n\(report.summary)")
        #expect(
          report.lines("names-left") == ["pup-keeper 0", "pup-supervisor 0", "pup-init 0", "testchild 0"], "\(report.summary)")
        #expect(report.text("cgroups-left").isEmpty, "\(report.text("cgroups-left"))")

        let logged = report.segments(of: "where").flatMap(\.lines).filter { (line: String) in line.contains(" stdout ") }
        if machine.hasCgroups {
          // The base and one for each run: `where` has ended, and its is gone.
          #expect(report.lines("cgroups").count == 3, "\(report.text("cgroups"))")
          let prefix = machine == .service ? "0::/service/pup-" : "0::/pup-"
          #expect(logged.contains { $0.contains(prefix) }, "\(logged)")
          #expect(logged.last?.hasSuffix(" pup-keeper") == true, "\(logged)")
        } else {
          #expect(report.text("cgroups").isEmpty)
          #expect(logged.last?.hasSuffix(" pup-init") == true, "\(logged)")
        }
      }
    }
  }
}
