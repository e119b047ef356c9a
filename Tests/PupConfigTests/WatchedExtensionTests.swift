import PupConfig
import Testing

@Suite struct WatchedExtensionTests {
  /// What is added to the default extensions.
  private func added(_ program: String, _ watcher: String = "") throws -> [String] {
    let text = "{ \(watcher) processes: [{ id: 'a', \(program) }] }"
    let configuration = try #require(StubEnvironment().load(text, checkingFiles: false).configuration)
    let all = configuration.watchedExtensions(of: configuration.processes[0])
    return watcher.isEmpty ? Array(all.dropFirst(5)) : all
  }

  @Test(arguments: [
    ("worker: ['src/app.py', 'x.rb']", ["py"]), ("worker: ['app.js']", []), ("worker: ['a.mjs']", ["mjs"]),
    ("worker: ['run']", []),
    ("cmd: 'python3 -u src/app.py --x'", ["py"]), ("cmd: 'cd src && ../.venv/bin/python3.11 -m http.server'", ["py"]),
    ("cmd: '\"my app.rb\" | tee out.txt'", ["rb"]), ("cmd: 'sleep 10'", []), ("cmd: 'go run .'", ["go"]),
    ("cmd: './serve.PHP'", ["PHP"]), ("cmd: 'npm start'", []), ("cmd: 'PORT=1 bundle exec puma'", ["rb"]),
    ("cmd: 'deno run main.ts'", []), ("cmd: 'perl -Ilib app'", ["pl", "pm"]), ("cmd: 'node a.js; sh b.sh'", ["sh"]),
  ])
  func theProcesssOwnLanguageCounts(program: String, extensions: [String]) throws {
    #expect(try added(program) == extensions)
  }

  @Test func whatIsSetCountsAlone() throws {
    #expect(try added("worker: ['app.py']", "watcher: { exts: ['txt'] },") == ["txt"])
    #expect(try added("worker: ['app.py']", "watcher: { exts: [] },") == [])
  }
}
