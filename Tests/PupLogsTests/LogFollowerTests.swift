import Glibc
import PupSystem
import PupTestSupport
import Testing

@testable import PupLogs

@Suite(.timeLimit(.minutes(5))) struct LogFollowerTests {
  private let folder: TemporaryFolder
  private let context: SinkContext
  private var logs: String { folder.at("logs") }
  private let base: Int64 = 1_700_000_000_000_000

  init() throws {
    folder = try TemporaryFolder()
    context = try Ledgers().context()
  }

  private func sink(_ process: String, segmentBytes: Int64 = 1 << 20) -> StoreSink {
    StoreSink(directory: logs, process: process, segmentBytes: segmentBytes, context: context)
  }

  private func texts(_ lines: [LogLine]) -> [String] {
    lines.map { "\($0.process): \(String(decoding: $0.text, as: UTF8.self))" }
  }

  @Test func nothingIsLostOrDoubledBetweenQueryAndFollowing() throws {
    let web = sink("web", segmentBytes: 500)
    for number in 0..<50 { try withBatch("\(number)\n".utf8, at: base + Int64(number)) { try web.append($0) } }
    let reader = LogReader(directory: logs)
    let snapshot = reader.snapshot()
    try withBatch("50\n".utf8, at: base + 50) { try web.append($0) }
    let follower = try LogFollower(LogQuery(), from: snapshot)
    var seen: [String] = []
    reader.read(LogQuery(), in: snapshot) { line in
      seen.append(String(decoding: line.text, as: UTF8.self))
      return true
    }
    for number in 51..<200 {
      try withBatch("\(number)\n".utf8, at: base + Int64(number)) { try web.append($0) }
      if number % 20 == 0 { seen += follower.poll(timeoutMilliseconds: 1000).map { String(decoding: $0.text, as: UTF8.self) } }
    }
    while seen.count < 200 {
      let lines = follower.poll(timeoutMilliseconds: 1000)
      try #require(!lines.isEmpty)
      seen += lines.map { String(decoding: $0.text, as: UTF8.self) }
    }
    #expect(seen == (0..<200).map { "\($0)" })
    #expect(names(in: logs + "/web").count > 5)
  }

  @Test func newProcessesAreFoundAndOthersLeftOut() throws {
    let follower = try LogFollower(LogQuery(processes: ["WEB", "new"]), from: LogSnapshot(directory: logs))
    #expect(follower.poll(timeoutMilliseconds: 0).isEmpty)
    try withBatch("one\n".utf8, at: base) { try sink("web").append($0) }
    #expect(texts(follower.poll(timeoutMilliseconds: 20_000)) == ["web: one"])
    try withBatch("no\n".utf8, at: base) { try sink("other").append($0) }
    try withBatch("two\n".utf8, at: base) { try sink("new").append($0) }
    #expect(texts(follower.poll(timeoutMilliseconds: 20_000)) == ["new: two"])
  }

  @Test func filtersApply() throws {
    let web = sink("web")
    let query = LogQuery(start: LogTime(microseconds: base + 10), severity: .error)
    let follower = try LogFollower(query, from: LogSnapshot(directory: logs))
    try withBatch("early\n".utf8, severity: .error, at: base) { try web.append($0) }
    try withBatch("log\n".utf8, at: base + 20) { try web.append($0) }
    try withBatch("error\n".utf8, severity: .error, at: base + 30) { try web.append($0) }
    #expect(texts(follower.poll(timeoutMilliseconds: 20_000)) == ["web: error"])
  }

  @Test func whatWasCutOffComesAgain() throws {
    try withBatch("safe\n".utf8, at: base) { try sink("web").append($0) }
    let follower = try LogFollower(LogQuery(), from: LogSnapshot(directory: logs))
    let path = logs + "/web/" + names(in: logs + "/web")[0]
    let safe = contents(path)
    let line = Array("2023-11-14T22:13:20.000000Z log stdout again\n".utf8)
    put(line, to: path, append: true)
    #expect(texts(follower.poll(timeoutMilliseconds: 20_000)) == ["web: again"])
    truncate(path, off_t(safe.count))
    #expect(follower.poll(timeoutMilliseconds: 0).isEmpty)
    put(line, to: path, append: true)
    #expect(texts(follower.poll(timeoutMilliseconds: 20_000)) == ["web: again"])
  }

  @Test func aRemovedFolderIsForgottenAndFoundAgain() throws {
    try withBatch("one\n".utf8, at: base) { try sink("web").append($0) }
    let follower = try LogFollower(LogQuery(), from: LogSnapshot(directory: logs))
    TemporaryFolder.remove(logs + "/web")
    #expect(follower.poll(timeoutMilliseconds: 10).isEmpty)
    try withBatch("two\n".utf8, at: base) { try sink("web").append($0) }
    #expect(texts(follower.poll(timeoutMilliseconds: 20_000)) == ["web: two"])
  }
}
