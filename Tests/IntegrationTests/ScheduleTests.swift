internal import Glibc
internal import PupCore
internal import PupLogs
internal import PupTestSupport
internal import Testing

extension Integration {
  /// Schedules, grace periods, watched files.
  @Suite struct ScheduleTests {
    @Test(.timeLimit(.minutes(5))) func cronStartsEverySecond() throws {
      try Pup.test("{ processes: [ { id: 'job', cron: '* * * * * *', cmd: '\(Machine.child) --append runs run' } ] }") { pup in
        try pup.run()
        #expect(try pup.status("job").state == "created")
        #expect(try pup.wait(for: .starting, in: "job", count: 3) == "starting (cron)")
        let times = pup.logs.lines(LogQuery(processes: ["job"])).filter { $0.category == LogCategory.starting.rawValue }
          .map(\.time.microseconds)
        #expect(Set(times.map { $0 / 1_000_000 }).count == times.count)
        try pup.stop()
        // The last one may have been stopped before it did anything.
        let missing = pup.lines(of: "job", category: .starting).count - Files.lines(pup.path("runs")).count
        #expect((0...1).contains(missing))
      }
    }

    @Test(.timeLimit(.minutes(5))) func cronDoesNotOverrun() throws {
      try Pup.test("{ processes: [ { id: 'job', cron: '* * * * * *', cmd: '\(Machine.child) --append runs run --hold' } ] }") {
        pup in
        try pup.run()
        #expect(try pup.wait(for: .refused, in: "job") == "not started (cron): still running")
        #expect(Files.lines(pup.path("runs")).count == 1)
        // Neither does another brain start it twice.
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        try pup.awaitSupervision()
        #expect(try pup.wait(for: .refused, in: "job", count: 3) == "not started (cron): still running")
        #expect(Files.lines(pup.path("runs")).count == 1)
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func overrunStartsASecondRun() throws {
      try Pup.test(
        "{ processes: [ { id: 'job', cron: '* * * * * *', overrun: true, cmd: '\(Machine.child) --append runs run --hold' } ] }"
      ) { pup in
        try pup.run()
        try Files.wait(pup.folder, for: "three runs") { Files.lines(pup.path("runs")).count >= 3 }
        let pids = Files.lines(pup.path("runs")).compactMap { Int32($0.split(separator: " ")[1]) }
        #expect(pids.allSatisfy { Processes.isAlive($0) })
        #expect(try pup.tell("stop", "job") == "accepted")
        try pup.reach("job", "finished")
        #expect(!Processes.anyIsAlive(pids))
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func terminateScheduleEndsTheRun() throws {
      try Pup.test(
        """
        { processes: [ { id: 'one', autostart: true, terminate: '* * * * * *', restartDelayMs: 10,
          cmd: '\(Machine.child) --append runs run --hold' } ] }
        """
      ) { pup in
        try pup.run()
        try pup.wait(for: .terminate, in: "one", count: 2)
        // With restart: always this is a scheduled restart.
        try Files.wait(pup.folder, for: "three runs") { Files.lines(pup.path("runs")).count >= 3 }
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func gracePeriodComesBeforeSIGTERM() throws {
      try Pup.test(
        """
        { terminateGracePeriod: 3, terminateTimeout: 15, processes: [
          { id: 'waits', autostart: true, cmd: '\(Machine.child) --append pids p --term-file told --hold' },
          { id: 'ends', autostart: true, cmd: 'read line < go; exit 5' } ] }
        """
      ) { pup in
        mkfifo(pup.path("go"), 0o600)
        try pup.run()
        try pup.reach("all", "running")
        try pup.waitForFile("pids")
        let watch = Stopwatch()
        #expect(try pup.tell("stop") == "accepted")
        try Files.write("now\n", to: pup.path("go"))
        // It has finished by itself, and nobody sent it a signal.
        try pup.reach("ends", "finished")
        #expect(try pup.status("ends").exit == "5")
        try pup.reach("waits", "finished")
        #expect(watch.milliseconds >= 2990, "\(watch.milliseconds) ms")
        #expect(Files.exists(pup.path("told")))
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func graceAndTimeoutCountFromTheSameMoment() throws {
      try Pup.test(
        """
        { processes: [ { id: 'one', autostart: true, terminateGracePeriod: 1, terminateTimeout: 1.5,
          cmd: '\(Machine.child) --ignore TERM --append ready r --hold' } ] }
        """
      ) { pup in
        try pup.run()
        try pup.waitForFile("ready")
        let watch = Stopwatch()
        try pup.stop()
        #expect(watch.milliseconds >= 1490, "\(watch.milliseconds) ms")
      }
    }

    // MARK: Watching

    private static func watching(_ keys: String, _ watcher: String = "") -> String {
      """
      { watcher: { interval: 100, \(watcher) }, processes: [ { id: 'one', watch: ['src'], \(keys)
        cmd: '\(Machine.child) --append runs run --hold' } ] }
      """
    }

    private func runs(_ pup: Pup, _ count: Int) throws {
      try Files.wait(pup.folder, for: "\(count) runs") { Files.lines(pup.path("runs")).count >= count }
    }

    /// Nobody says when watching has begun, so the file is changed until it is noticed.
    private func change(_ file: String, until count: Int, _ pup: Pup) throws {
      for round in 0..<20 {
        try Files.write("\(round)", to: pup.path(file))
        if (try? Files.wait(pup.folder, for: "a run", seconds: 0.5, { Files.lines(pup.path("runs")).count >= count })) != nil {
          return
        }
      }
      throw Failure("\(file) was changed, and nothing came of it")
    }

    @Test(.timeLimit(.minutes(5))) func changedFileRestarts() throws {
      try Pup.test(Self.watching("autostart: true, restartDelayMs: 50,")) { pup in
        try Files.makeFolder(pup.path("src"))
        try Files.write("one", to: pup.path("src/a.ts"))
        try pup.run()
        try runs(pup, 1)
        try change("src/a.ts", until: 2, pup)
        #expect(try pup.wait(for: .starting, in: "one", count: 2) == "starting (a changed file)")
        // A file of another kind is none of its business; a folder that is new is.
        try Files.write("x", to: pup.path("src/notes.txt"))
        try Files.makeFolder(pup.path("src/deep"))
        try Files.makeFolder(pup.path("src/deep/er"))
        try Files.write("x", to: pup.path("src/deep/er/b.json"))
        try runs(pup, 3)
        try pup.wait(for: .watcher, in: "one", naming: "b.json")
        #expect(pup.count(of: "b.json", in: "one") == 1)
        #expect(pup.count(of: "notes.txt", in: "one") == 0)
        #expect(try pup.status("one").restarts == 0)
        // Watching goes on under another brain.
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        try pup.awaitSupervision()
        try change("src/a.ts", until: 4, pup)
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func changedFileStartsWhatIsNotRunning() throws {
      try Pup.test(Self.watching("", "exts: ['txt'], skip: ['**/ignored/**'],")) { pup in
        try Files.makeFolder(pup.path("src"))
        try Files.makeFolder(pup.path("src/ignored"))
        try pup.run()
        #expect(try pup.status("one").state == "created")
        try Files.write("x", to: pup.path("src/ignored/a.txt"))
        try change("src/a.txt", until: 1, pup)
        #expect(try pup.wait(for: .starting, in: "one") == "starting (a changed file)")
        #expect(pup.lines(of: "one", category: .starting).count == 1)
        #expect(pup.count(of: "ignored", in: "one") == 0)
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func stoppedByHandIgnoresChanges() throws {
      try Pup.test(Self.watching("autostart: true,")) { pup in
        try Files.makeFolder(pup.path("src"))
        try pup.run()
        try runs(pup, 1)
        #expect(try pup.tell("stop", "one") == "accepted")
        try pup.reach("one", "finished")
        for round in 0..<20 where pup.lines(of: "one", category: .refused).isEmpty {
          try Files.write("\(round)", to: pup.path("src/a.ts"))
          _ = try? pup.wait(for: .refused, in: "one", seconds: 0.5)
        }
        let refusal = try pup.wait(for: .refused, in: "one")
        #expect(refusal.hasPrefix("not started (a changed file): tester stopped it"), "\(refusal)")
        #expect(Files.lines(pup.path("runs")).count == 1)
        try pup.stop()
      }
    }
  }
}
