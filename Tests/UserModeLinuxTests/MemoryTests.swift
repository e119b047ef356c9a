internal import Testing

extension KernelTests {
  /// A program that the kernel killed because memory ran out: told where the kernel counts it, which is where the memory
  /// controller is handed down to the runs.
  @Suite struct MemoryTests {
    enum Place: String, CaseIterable, CustomTestStringConvertible {
      case root
      /// As a service with `Delegate=yes` and `DelegateSubgroup=supervisor`.
      case leaf
      /// As a service with `Delegate=yes` only: Pup makes the leaf, and hands nothing down.
      case unit

      var testDescription: String { rawValue }

      /// The cgroup that Pup is started in.
      var start: String {
        switch self {
        case .root: ""
        case .leaf: "/service/supervisor"
        case .unit: "/service"
        }
      }
      var end: String { self == .root ? "/" : "/service/supervisor" }
    }

    @Test(arguments: Place.allCases)
    func theKernelsKillIsTold(place: Place) async throws {
      let script = """
        mount_cgroups
        echo "+memory" >/sys/fs/cgroup/cgroup.subtree_control || fail "no memory controller"
        mkdir -p /sys/fs/cgroup\(place.start)
        cat >"$HOST/tools/hog" <<'END'
        #!/bin/sh
        echo 40M >"/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)/memory.max"
        exec testchild --allocate 120 --hold
        END
        chmod +x "$HOST/tools/hog"
        cat >pup.json <<'END'
        { processes: [
          { id: "hog", cmd: "hog", autostart: true, restartLimit: 0 },
          { id: "victim", cmd: "kill -9 $$", autostart: true, restartLimit: 0 },
        ] }
        END
        sh -c 'echo $$ >/sys/fs/cgroup\(place.start)/cgroup.procs; exec pup run' >out 2>&1 &
        pup=$!
        wait_for 15 grep -q "victim:errored" out
        \(place == .unit ? "" : "wait_for 15 grep -q 'hog:errored' out")
        sed -n 's/^0:://p' /proc/$pup/cgroup >where
        kill -TERM $pup
        wait $pup
        echo $? >code
        """
      try await Guest.run(script) { report in
        #expect(report.text("code") == "0\n", "\(report.summary)")
        #expect(report.text("where") == "\(place.end)\n", "\(report.summary)")
        let told = report.lines("out").filter { $0.contains("because memory ran out") }
        if place == .unit {
          #expect(told.isEmpty, "\(report.summary)")
        } else {
          #expect(told.count == 1 && told[0].contains("[hog:memory] killed by the kernel"), "\(report.summary)")
        }
      }
    }
  }
}
