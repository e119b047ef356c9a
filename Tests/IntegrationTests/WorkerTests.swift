internal import Glibc
internal import PupTestSupport
internal import Testing

private let deno: String? = {
  for folder in ["/usr/local/bin", "/usr/bin", "/opt/deno/bin", "/root/.deno/bin"] where access(folder + "/deno", X_OK) == 0 {
    return folder + "/deno"
  }
  return nil
}()

extension Integration {
  /// Scripts that an interpreter runs.
  @Suite struct WorkerTests {
    @Test(
      .enabled(if: deno != nil, "deno is not installed (from PyPI: pip install deno, then link it into /usr/local/bin)"),
      .timeLimit(.minutes(5)))
    func aWebWorkerIsServed() throws {
      guard let deno else { throw Failure("no deno") }
      let worker = "{ id: 'w', worker: ['web worker#.js', 'a b', 'c'], env: { PORT: '81' }, path: '\(deno.dropLast(5))' }"
      let plain = "{ id: 'plain', worker: ['plain.js', 'x'], path: '\(deno.dropLast(5))' }"
      try Pup.test("{ processes: [ \(worker), \(plain) ] }") { pup in
        try Files.write(
          """
          self.onmessage = ({ data: { run, cwd, env } }) => {
            postMessage({ type: "stdout", message: `run ${run.join("|")} in ${cwd} port ${env.PORT} as ${env.PUP_PROCESS_ID}\\n` });
            postMessage({ type: "stderr", message: "two\\nlines" });
            postMessage({ type: "exit", code: 7, success: false });
          };
          """, to: pup.path("web worker#.js"))
        try Files.write("console.log('plain', Deno.args.length, import.meta.main)\n", to: pup.path("plain.js"))
        try pup.run()
        try pup.tell("start", "w")
        try pup.wait(for: "run a b|c in \(pup.folder) port 81 as w", in: "w")
        try pup.reach("w", "failed")
        #expect(try pup.status("w").exit == "7")
        #expect(pup.lines(of: "w").filter { $0 == "two" || $0 == "lines" } == ["two", "lines"])
        try pup.tell("start", "plain")
        try pup.wait(for: "plain 1 true", in: "plain")
      }
    }

    @Test(.timeLimit(.minutes(5))) func whatPythonPrintsIsSeenAtOnce() throws {
      let worker = "{ id: 'py', worker: ['p.py'], autostart: true }"
      try Pup.test("{ processes: [ \(worker) ] }") { pup in
        try Files.write("import time\nprint('seen')\ntime.sleep(1000)\n", to: pup.path("p.py"))
        pup.environment["PYTHONUNBUFFERED"] = nil
        try pup.run()
        try pup.wait(for: "seen", in: "py")
      }
    }
  }
}
