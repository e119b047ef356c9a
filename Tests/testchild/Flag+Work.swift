extension Flag {
  static var network: [Flag] {
    [
      Flag("--port", "FILE", "the deepest descendant listens on a free port of 127.0.0.1 and writes its number to FILE") {
        options, values in options.portFile = try values.text()
      },
      Flag("--bind", "PORT", "listen on 127.0.0.1:PORT; exit 98 where it is in use") { options, values in
        options.bindPort = try values.number(1...65_535)
      },
    ]
  }

  static var reports: [Flag] {
    [
      Flag("--print-pid", "\"pid N\"") { options, _ in options.printsPid = true },
      Flag("--print-env", "the environment, one variable a line") { options, _ in options.printsEnvironment = true },
      Flag("--print-fds", "\"fd N TARGET\" for each open descriptor") { options, _ in options.printsDescriptors = true },
      Flag("--print-limits", "nofile, oom_score_adj, signals, sid, pgid, cwd, stdin … as found at the start") { options, _ in
        options.printsLimits = true
      },
    ]
  }

  static var deeds: [Flag] {
    [
      Flag("--touch", "FILE", "make FILE, or update its time") { options, values in options.touchedFile = try values.text() },
      Flag("--append", "FILE TEXT", "append \"TEXT PID NANOSECONDS\" (CLOCK_BOOTTIME), in one write") { options, values in
        options.appended = (try values.text(), try values.text())
      },
      Flag("--notify", "TEXT", "send TEXT to $NOTIFY_SOCKET") { options, values in options.notification = try values.text() },
      Flag("--allocate", "MB", "use that much memory") { options, values in options.megabytes = try values.number(0...1_000_000)
      },
      Flag("--prompt", "TEXT", "write TEXT without a newline; then wait for ever, or --after") { options, values in
        options.prompt = try values.text()
      },
    ]
  }

  static var spewing: [Flag] {
    [
      Flag("--spew", "N", "lines \"out NUMBER ID\" from 1 to N, as fast as possible") { options, values in
        options.spew.lines = try values.number(0...UInt64.max)
      },
      Flag("--forever", "… without end") { options, _ in options.spew.lines = .max },
      Flag("--stderr", "… \"err NUMBER ID\" to stderr instead") { options, _ in
        (options.spew.usesOutput, options.spew.usesError) = (false, true)
      },
      Flag("--both", "… to both in turn, N each") { options, _ in
        (options.spew.usesOutput, options.spew.usesError) = (true, true)
      },
      Flag("--id", "ID", "… by default $PUP_PROCESS_ID, else the pid") { options, values in options.spew.id = try values.text() },
      Flag("--bytes", "LEN", "… padded to this length, newline included") { options, values in
        options.spew.lineLength = try values.number(0...1 << 20)
      },
      Flag("--chunk", "BYTES", "… collected to writes of this size, which cut lines") { options, values in
        options.spew.chunk = try values.number(1...1 << 24)
      },
      Flag("--rate", "LINES", "… so many a second") { options, values in options.spew.linesPerSecond = try values.rate() },
      Flag("--no-newline", "… without the newline of the last line") { options, _ in options.spew.leavesOutLastNewline = true },
      Flag("--packets", "… with the pipe in packet mode (O_DIRECT)") { options, _ in options.spew.packets = true },
      Flag(
        "--count-file", "FILE",
        "keep four 64-bit words in FILE (%p: the pid), always current: lines written to stdout, to stderr, begun to, to"
      ) { options, values in options.spew.countFile = try values.text() },
    ]
  }
}
