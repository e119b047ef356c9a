extension Flag {
  static var ending: [Flag] {
    [
      Flag("--exit", "N", "exit with this code") { options, values in options.exitCode = try values.number(0...255) },
      Flag("--after", "MS", "wait before the end") { options, values in
        options.afterMilliseconds = try values.number(0...86_400_000)
      },
      Flag("--hold", "wait for ever") { options, _ in options.holds = true },
      Flag("--abort", "end by abort()") { options, _ in options.aborts = true },
      Flag("--signal", "SIG", "end by sending itself a signal") { options, values in
        options.signalToItself = try values.signal()
      },
      Flag("--stop-self", "stop (SIGSTOP) before waiting; goes on after SIGCONT") { options, _ in options.stopsItself = true },
    ]
  }

  static var signals: [Flag] {
    [
      Flag("--ignore", "TERM,INT", "ignore these signals, in forked children too") { options, values in
        options.ignoredSignals += try values.signals()
      },
      Flag("--on-term", "MS", "exit this long after SIGTERM (with --exit's code); stronger than --ignore") { options, values in
        options.onTerminate = (try values.number(0...86_400_000), options.onTerminate?.code ?? -1)
      },
      Flag("--on-term-code", "N", "… with this code") { options, values in
        options.onTerminate = (options.onTerminate?.milliseconds ?? 0, try values.number(0...255))
      },
      Flag("--term-file", "FILE", "on SIGTERM write FILE, then exit") { options, values in
        options.terminateFile = try values.text()
      },
    ]
  }

  static var descendants: [Flag] {
    [
      Flag("--fork", "N", "N children in the same group, which wait for ever") { options, values in
        options.forks = try values.number(0...10_000)
      },
      Flag("--orphan", "a grandchild in a session of its own, its parent gone, which waits for ever") { options, _ in
        options.orphan = true
      },
      Flag("--orphan-ignore-term", "… and ignores SIGTERM") { options, _ in
        (options.orphan, options.orphanIgnoresTerminate) = (true, true)
      },
      Flag("--orphan-term-file", "FILE", "… and writes FILE on SIGTERM, then exits") { options, values in
        (options.orphan, options.orphanTerminateFile) = (true, try values.text())
      },
      Flag("--env-clear-orphan", "… and executes itself anew with an empty environment") { options, _ in
        (options.orphan, options.clearsOrphanEnvironment) = (true, true)
      },
      Flag("--fork-bomb", "N", "processes that fork as fast as they can until there are N more") { options, values in
        options.forkBomb = try values.number(0...10_000)
      },
      Flag("--pids", "FILE", "every process, this one too, appends its pid to FILE as a line") { options, values in
        options.pidsFile = try values.text()
      },
    ]
  }
}
