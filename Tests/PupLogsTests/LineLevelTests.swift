import PupTestSupport
import Testing

@testable import PupLogs

/// What a line says about itself.
@Suite struct LineLevelTests {
  private func level(_ line: String) -> LogSeverity? { LineLevel.severity(of: Array(line.utf8)) }

  @Test(arguments: [
    ("INFO:root:started", LogSeverity.info), ("WARNING:root:slow", .warn), ("ERROR:worker:failed", .error), ("DEBUG:x:y", .log),
    ("CRITICAL:root:gone", .error),
    ("2026-11-30 17:25:24,123 - app.db - ERROR - no connection", .error),
    ("2026-11-30 17:25:24,123 - root - WARNING - slow", .warn), ("2026-11-30 17:25:24,123 INFO supervisord started", .info),
    ("2026-11-30 17:25:24.123 | WARNING  | app:run:12 - slow", .warn),
    ("2026/11/30 17:25:24 [error] 12#12: *3 open() failed", .error), ("2026/11/30 17:25:24 [notice] 12#12: start", .info),
    ("2026/11/30 17:25:24 [warn] 12#12: x", .warn), ("2026/11/30 17:25:24 [emerg] 1#1: bind() failed", .error),
    ("[Mon Nov 30 17:25:24.123456 2026] [core:error] [pid 12] AH00037", .error),
    ("[Mon Nov 30 17:25:24.123456 2026] [mpm_event:notice] [pid 12] x", .info),
    ("[notice] ready", .info), ("[ERROR] no", .error), ("[WARN ] no", .warn), ("[error]: no", .error), ("(INFO) yes", .info),
    ("level=info msg=\"ready\"", .info), ("time=\"2026-11-30T17:25:24Z\" level=warning msg=\"slow down\"", .warn),
    ("ts=2026-11-30T17:25:24Z caller=main.go:12 level=error err=x", .error), ("level=\"debug\" x=1", .log),
    ("severity=ERROR msg=x", .error),
    (#"{"level":"info","msg":"ready"}"#, .info), (#"{"level":30,"time":1732987524,"msg":"x"}"#, .info),
    (#"{"level":50,"msg":"x"}"#, .error), (#"{"level":20,"msg":"x"}"#, .log), (#"{"level":40}"#, .warn),
    (#"{"time":"2026-11-30T17:25:24Z","level":"WARN","msg":"slow"}"#, .warn),
    (#"{"severity":"ERROR","message":"x"}"#, .error), (#"{ "ts": 1.5, "logger": "a\"b", "levelname": "CRITICAL" }"#, .error),
    (#"{"version":"1.1","host":"h","level":4,"short_message":"m"}"#, .warn), (#"{"level":6}"#, .info),
    (#"{"t":{"$date":"2026-11-30T17:25:24Z"},"s":"E",  "c":"NETWORK"}"#, .error), (#"{"@level":"warn","@message":"x"}"#, .warn),
    ("I1130 17:25:24.123456   12 main.go:10] ready", .info), ("E1130 17:25:24.123456 12 x.go:1] no", .error),
    ("W1130 17:25:24.123456 12 x.go:1] slow", .warn), ("F1130 17:25:24.123456 12 x.go:1] dead", .error),
    ("I, [2026-11-30T17:25:24.123456 #12]  INFO -- : ready", .info), ("E, [2026-11-30T17:25:24 #12] ERROR -- : no", .error),
    ("<3>disk failed", .error), ("<4>slow", .warn), ("<6>ready", .info), ("<30>daemon: ready", .info), ("<7>detail", .log),
    ("2026-11-30T17:25:24.123456Z  INFO app::server: ready", .info), ("[2026-11-30T17:25:24Z WARN  app] slow", .warn),
    ("2026-11-30 17:25:24.123 UTC [12] LOG:  ready", .log), ("2026-11-30 17:25:24.123 CET [12] FATAL:  no such role", .error),
    ("17:25:24.123 [main] ERROR c.e.App - failed", .error), ("2026-11-30 17:25:24.123  WARN 12 --- [main] c.e.App : slow", .warn),
    ("[17:25:24 INF] ready", .info), ("[17:25:24 ERR] no", .error), ("5:25PM WRN slow", .warn),
    ("2026/11/30 17:25:24 INFO ready addr=:80", .info), ("[2026-11-30 17:25:24 +0000] [12] [INFO] Booting", .info),
    ("[2026-11-30 17:25:24,123: WARNING/MainProcess] slow", .warn), ("[I 17:25:24 app:12] ready", .info),
    ("[W 2026-11-30 17:25:24.123 ServerApp] slow", .warn), ("2026-11-30T17:25:24.123Z 0 [Warning] [MY-010918] x", .warn),
    ("2026-11-30T17:25:24.123Z\twarn\tserver/x.go:1\tslow", .warn), ("[2026-11-30T17:25:24,123][ERROR][o.e.Node] [h] no", .error),
    ("1:M 30 Nov 2026 17:25:24.123 * Ready", .info), ("1:M 30 Nov 2026 17:25:24.123 # WARNING overcommit", .warn),
    ("2026-11-30 17:25:24.123456+00:00 [info] <0.1.0> ready", .info), ("[2026-11-30 17:25:24.123][1][critical][main] x", .error),
    ("info: ready", .info), ("error: no", .error), ("Error: no", .error), ("warning: slow", .warn),
    ("fatal: not a repository", .error),
    ("panic: runtime error", .error), ("ERROR - no", .error), ("ERROR no", .error), ("WARN  slow", .warn),
    ("INFO     Started", .info), (" INFO app: ready", .info), ("\u{1B}[32mINFO\u{1B}[0m: ready", .info),
    ("\u{1B}[31merror\u{1B}[39m: no", .error), ("2026-11-30 17:25:24 warn: slow", .warn),
    ("[2026-11-30T17:25:24.123456+00:00] app.ERROR: no {} []", .error), ("NOTICE: ready", .info),
  ]) func aLevelIsRead(line: String, expected: LogSeverity) { #expect(level(line) == expected) }

  @Test(arguments: [
    "", "a", "hello world", "No ERROR found", "error rate is 0", "Information desk", "INFORMATION DESK", "LOG in to go on",
    "errors: 0", "infos", "ERRORS", "ERROR_COUNT=3", "information", "12345678", "1234567890123", "12 monkeys error",
    "Traceback (most recent call last):", "  File \"x.py\", line 3, in <module>", "ValueError: bad", "the error: x",
    "2026-11-30 17:25:24 an ERROR somewhere", "127.0.0.1 - - [30/Nov/2026 17:25:24] \"GET /error HTTP/1.1\" 200 -",
    "[main] starting", "[error handling] on", "[terror] x", "[x_error] x", "(most recent errors)", "levels=3", "level=7up",
    #"{"msg":"level","player":{"level":50}}"#, #"{"msg":"\"level\":50"}"#, #"{"level":"gold"}"#, #"{"level":5000}"#, #"{"level""#,
    #"["level","error"]"#, "<script>alert(1)</script>", "<>", "<12345>x", "I1130x", "\u{1B}[", "\u{1B}[31m", "[", "[error", "(",
    "{",
    "level=", "level=\"", "time=\"x", "Alert me", "ALERT lights", "- ERROR", "ERROR", "-", "|",
  ]) func otherLinesHaveNone(line: String) {
    // A bare word is a level as well.
    #expect(level(line) == (line == "ERROR" ? .error : nil))
  }

  @Test func noInputReadsBeyondItsEnd() {
    var generator = SeededGenerator(seed: 7)
    let alphabet = Array("INFOERRORwarnlevel=\"{}[]()<>:- 0123456789/\u{1B}#*|.,".utf8)
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
        alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
      }
      // Of an exact size: an address sanitizer, or the page behind it, would tell.
      let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(text.count, 1))
      defer { memory.deallocate() }
      _ = memory.initialize(from: text)
      let whole = LineLevel.severity(of: UnsafePointer(memory.baseAddress!), text.count)
      #expect(whole == LineLevel.severity(of: text))
    }
  }

  @Test func aPlainErrorIsToldFromOneThatSaysSo() {
    let line = { (text: String, category: String) in
      LogLine(time: LogTime(microseconds: 0), severity: .error, category: category, process: "p", text: Array(text.utf8))
    }
    #expect(line("Traceback", "stderr").isPlainError)
    #expect(!line("ERROR: no", "stderr").isPlainError)
    #expect(!line("no room", "lost").isPlainError)
  }
}
