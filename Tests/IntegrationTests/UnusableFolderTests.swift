internal import Glibc
internal import PupCore
internal import Testing

extension Integration {
  /// One folder that is not there keeps one process down, and not for longer than it is not there.
  @Suite struct UnusableFolderTests {
    @Test(.timeLimit(.minutes(5))) func theOthersRunAndTheProcessComesWithItsFolder() throws {
      let late = "{ id: 'late', cmd: './run', cwd: 'mnt/x', autostart: true, restartDelayMs: 100, pidFile: 'no/where/late.pid' }"
      let other = "{ id: 'other', cmd: '\(Machine.child) --hold', autostart: true, logger: { stdout: 'no/where/x.log' } }"
      try Pup.test("{ processes: [ \(late), \(other) ] }") { pup in
        let check = try pup.command(["check"])
        #expect(
          check.code == 0
            && check.error.contains("warning: the working directory `\(pup.path("mnt/x"))` cannot be entered (No such"))
        #expect(check.error.contains("no/where"))
        try pup.run()
        try pup.reach("other", "running")
        let line = try pup.wait(for: .errored, in: "late")
        #expect(line.contains("chdir \(pup.path("mnt/x")): No such file or directory"), "\(line)")
        try Files.makeFolder(pup.path("mnt"))
        try Files.makeFolder(pup.path("mnt/x"))
        try Files.write("#!/bin/sh\nexec \(Machine.child) --hold\n", to: pup.path("mnt/x/run"), mode: 0o755)
        try pup.reach("late", "running")
      }
    }

    @Test(
      .timeLimit(.minutes(5)),
      arguments: [
        ("file", "chdir %: Not a directory"), ("dangling", "chdir %: No such file or directory"),
        ("loop", "Too many levels of symbolic links"),
      ])
    func everyKindIsToldAsTheKernelSaysIt(_ name: String, _ says: String) throws {
      let process = "{ id: 'a', cmd: './run', cwd: '\(name)', autostart: true, restart: 'error' }"
      try Pup.test("{ processes: [ \(process) ] }") { pup in
        try Files.write("", to: pup.path("file"))
        try Files.link(pup.path("dangling"), to: "gone")
        try Files.link(pup.path("loop"), to: "loop")
        #expect(try pup.command(["check"]).error.contains("warning: the working directory"))
        try pup.run()
        let parts = says.split(separator: "%", omittingEmptySubsequences: false)
        let line = try pup.wait(for: .errored, in: "a")
        #expect(line.contains(parts.last ?? "") && line.contains(pup.path(name)), "\(line)")
      }
    }
  }
}
