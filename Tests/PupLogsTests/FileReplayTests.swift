import Glibc
import PupSystem
import PupTestSupport
import Synchronization
import Testing

@testable import PupLogs

/// The brain dies at some step of writing to a `logger.*` file, in which others write as well: their lines stay, and its own is
/// there.
@Suite struct FileReplayTests {
  private let ledgers: Ledgers
  private let folder: TemporaryFolder
  private var path: String { folder.at("shared.log") }

  init() throws {
    ledgers = try Ledgers()
    folder = try TemporaryFolder()
  }

  /// The sink of a brain that dies at a step of this kind.
  private func sink(dyingAt step: CommitStep? = nil) throws -> (sink: FileSink, context: SinkContext) {
    var probe: CommitProbe?
    if let step { probe = { $0 == step } }
    let context = try ledgers.context(probe: probe)
    return (FileSink(path: path, context: context), context)
  }

  private func append(
    _ text: String, to sink: FileSink, from offset: UInt64, key: UInt64 = 1, decorate: Bool = false, open: Bool = false,
    at wall: Int64 = 1_000_000_000_000_000
  ) throws {
    let stream = LineBatch.Stream(row: 0, key: key, offset: offset, which: .output)
    try withBatch(text.utf8, stream: stream, endsOpen: open, at: wall) { try sink.append($0, decorate: decorate) }
  }

  private func foreign(_ text: String) { put(Array(text.utf8), to: path, append: true) }

  @Test(arguments: CommitStep.allCases.filter { $0 != .unrequested }, [false, true]) func nothingIsCutAndNothingIsRepeated(
    step: CommitStep, decorate: Bool
  ) throws {
    try append("one\n", to: try sink().sink, from: 0, decorate: decorate)
    foreign("theirs 1\n")
    #expect(throws: Abandoned.self) {
      try append("two, the longest line of all\n", to: try sink(dyingAt: step).sink, from: 4, decorate: decorate)
    }
    let isOver = step == .published || step == .stored
    // What the file has of an interrupted write is completed only where nobody has written behind it.
    if step != .partlyWritten { foreign("theirs 2\n") }
    let (next, context) = try sink()
    // Later, so that a new time would show.
    if !isOver {
      try append("two, the longest line of all\nthree\n", to: next, from: 4, decorate: decorate, at: 1_000_000_005_000_000)
    } else {
      try append("three\n", to: next, from: 33, decorate: decorate, at: 1_000_000_005_000_000)
    }
    let prefix = decorate ? "2001-09-09T01:46:40.000Z [LOG] [web:stdout] " : ""
    let later = decorate ? "2001-09-09T01:46:45.000Z [LOG] [web:stdout] " : ""
    let others = step == .partlyWritten ? "" : "theirs 2\n"
    #expect(
      text(path) == "\(prefix)one\ntheirs 1\n\(prefix)two, the longest line of all\n\(others)\(later)three\n", "\(step)")
    #expect(context.takeNotes().isEmpty)
  }

  /// The bytes come again in smaller parts, and every brain dies on its way.
  @Test(arguments: [CommitStep.recorded, .published, .stored]) func nothingIsRepeatedHoweverOftenItDies(step: CommitStep) throws {
    let lines = (1...5).map { "line \($0)\n" }
    try append("first\n", to: try sink().sink, from: 0)
    #expect(throws: Abandoned.self) { try append(lines.joined(), to: try sink(dyingAt: .written).sink, from: 6) }
    foreign("theirs\n")
    var place = 0
    var offset: UInt64 = 6
    for _ in 0..<10 where place < 5 {
      #expect(throws: Abandoned.self) { try append(lines[place], to: try sink(dyingAt: step).sink, from: offset) }
      // The record is in force from one step on, and says that the line is done.
      guard step != .recorded else { break }
      offset += 7
      place += 1
    }
    for line in lines[place...] + ["last\n"] {
      try append(line, to: try sink().sink, from: offset)
      offset += 7
    }
    #expect(text(path) == "first\n" + lines.joined() + "theirs\nlast\n")
  }

  @Test func whatIsUncertainIsRepeatedAndSaid() throws {
    try append("one\n", to: try sink().sink, from: 0)
    #expect(throws: Abandoned.self) { try append("two, in parts\n", to: try sink(dyingAt: .partlyWritten).sink, from: 4) }
    foreign("theirs\n")
    let (next, context) = try sink()
    try append("two, in parts\n", to: next, from: 4)
    #expect(text(path) == "one\ntwo, intheirs\ntwo, in parts\n")
    #expect(context.takeNotes().map(\.text).filter { $0.contains("uncertain") }.count == 1)
  }

  /// More than one write for one batch: the second one is in doubt.
  @Test func aBatchOfManyWritesIsNotRepeated() throws {
    let lines = (0..<12_000).map { "line \($0) \(String(repeating: "x", count: 40))\n" }
    let all = lines.joined()
    try append("one\n", to: try sink().sink, from: 0, decorate: true)
    let writes = Mutex(0)
    let dying = try ledgers.context(probe: { step in
      guard step == .written else { return false }
      return writes.withLock { writes in
        writes += 1
        return writes == 2
      }
    })
    #expect(throws: Abandoned.self) {
      try append(all, to: FileSink(path: path, context: dying), from: 4, decorate: true)
    }
    foreign("theirs\n")
    // What the first write took is known to be safe.
    let next = try ledgers.context()
    let offset = try #require(next.ledger.claim(.file, path)?.newest).offset
    #expect(offset > 4 && offset < UInt64(all.utf8.count))
    try append(
      String(decoding: Array(all.utf8)[Int(offset - 4)...], as: UTF8.self), to: FileSink(path: path, context: next), from: offset,
      decorate: true)
    let own = text(path).split(separator: "\n").filter { !$0.hasPrefix("theirs") }
    #expect(own.count == lines.count + 1)
    #expect(own.dropFirst().elementsEqual(lines, by: { $0.hasSuffix($1.dropLast()) }))
    #expect(next.takeNotes().isEmpty)
  }

  @Test func aLineOfPupsOwnDoesNotWait() throws {
    try append("one\n", to: try sink().sink, from: 0)
    #expect(throws: Abandoned.self) { try append("two\n", to: try sink(dyingAt: .written).sink, from: 4) }
    let (next, _) = try sink()
    try withBatch("own\n".utf8, process: "core") { try next.append($0, decorate: false) }
    try append("two\nthree\n", to: next, from: 4)
    #expect(text(path) == "one\ntwo\nown\nthree\n")
  }

  /// A line of Pup's own comes while the rest of an unfinished line is in doubt, in this brain or in the one after it.
  @Test(arguments: [false, true], [false, true]) func aLineOfPupsOwnMakesNothingRepeat(decorate: Bool, diesAgain: Bool) throws {
    try append("half", to: try sink().sink, from: 0, decorate: decorate, open: true)
    #expect(throws: Abandoned.self) { try append("+rest\n", to: try sink(dyingAt: .written).sink, from: 4, decorate: decorate) }
    var (next, context) = try sink()
    try withBatch("own 1\n".utf8, process: "core") { try next.append($0, decorate: false) }
    if diesAgain { (next, context) = try sink() }
    try withBatch("own 2\n".utf8, process: "core") { try next.append($0, decorate: false) }
    try append("+rest\nnext\n", to: next, from: 4, decorate: decorate)
    let prefix = decorate ? "2001-09-09T01:46:40.000Z [LOG] [web:stdout] " : ""
    #expect(text(path) == "\(prefix)half+rest\nown 1\nown 2\n\(prefix)next\n")
    #expect(context.takeNotes().isEmpty)
  }

  /// The write was broken off in the middle of a line, and the next one is Pup's own: what is missing follows, and nothing is
  /// repeated.
  @Test(arguments: [false, true]) func aLineOfPupsOwnBehindHalfALineMakesNothingRepeat(decorate: Bool) throws {
    try append("one\n", to: try sink().sink, from: 0, decorate: decorate)
    #expect(throws: Abandoned.self) {
      try append("two, in parts\n", to: try sink(dyingAt: .partlyWritten).sink, from: 4, decorate: decorate)
    }
    let prefix = decorate ? "2001-09-09T01:46:40.000Z [LOG] [web:stdout] " : ""
    let half = text(path).dropFirst("\(prefix)one\n".count)
    let (next, context) = try sink()
    try withBatch("own\n".utf8, process: "core") { try next.append($0, decorate: false) }
    try append("two, in parts\nthree\n", to: next, from: 4, decorate: decorate)
    let whole = "\(prefix)two, in parts\n"
    #expect(!half.isEmpty && whole.hasPrefix(half))
    #expect(text(path) == "\(prefix)one\n\(half)\nown\n\(whole.dropFirst(half.count))\(prefix)three\n")
    #expect(context.takeNotes().isEmpty)
  }

  /// What is in doubt begins by ending another stream's line, and leaves its own unfinished.
  @Test(arguments: [false, true]) func aLineOfPupsOwnBehindABrokenLineMakesNothingRepeat(diesAgain: Bool) throws {
    try append("other", to: try sink().sink, from: 0, key: 2, open: true)
    #expect(throws: Abandoned.self) { try append("two", to: try sink(dyingAt: .written).sink, from: 0, open: true) }
    var (next, context) = try sink()
    try withBatch("own 1\n".utf8, process: "core") { try next.append($0, decorate: false) }
    if diesAgain { (next, context) = try sink() }
    try withBatch("own 2\n".utf8, process: "core") { try next.append($0, decorate: false) }
    try append("two", to: next, from: 0, open: true)
    try withBatch("own 3\n".utf8, process: "core") { try next.append($0, decorate: false) }
    #expect(text(path) == "other\ntwo\nown 1\nown 2\nown 3\n")
    #expect(context.takeNotes().isEmpty)
  }

  @Test func othersBeforeAndBehindAnInterruptedWriteStay() throws {
    try append("one\n", to: try sink().sink, from: 0)
    // Noted, and not begun: as if somebody had been faster.
    let (dying, context) = try sink()
    try append("two\n", to: dying, from: 4)
    let size = contents(path).count
    context.ledger.claim(.file, path)?.note(
      SinkIntent(
        start: UInt64(size), count: 22, key: 1, from: 8, to: 30, endsOpen: false, time: LogTime(microseconds: 1)))
    foreign("theirs, before\nthree, long enough ok\ntheirs, behind\n")
    let (next, _) = try sink()
    try append("three, long enough ok\nfour\n", to: next, from: 8)
    #expect(text(path) == "one\ntwo\ntheirs, before\nthree, long enough ok\ntheirs, behind\nfour\n")
  }

  @Test func othersWaitForTheStreamThatIsInDoubt() throws {
    try append("one\n", to: try sink().sink, from: 0)
    #expect(throws: Abandoned.self) { try append("two\n", to: try sink(dyingAt: .partlyWritten).sink, from: 4) }
    let (next, _) = try sink()
    let moment = { (boot: Int64) in LogMoment(wall: LogTime(microseconds: 0), boot: boot) }
    #expect(next.mustWait(2, moment(1_000_000_000)))
    #expect(!next.mustWait(1, moment(1_000_000_000)))
    #expect(!next.mustWait(2, moment(2_100_000_000)))
    // It has not come: the others' lines do not go on with what it has left.
    try append("other\n", to: next, from: 0, key: 2)
    #expect(text(path) == "one\ntw\nother\n")
  }

  @Test func aFileThatSomebodyHasCutIsOnlyAppendedTo() throws {
    try append("one\n", to: try sink().sink, from: 0)
    #expect(throws: Abandoned.self) { try append("two\n", to: try sink(dyingAt: .written).sink, from: 4) }
    truncate(path, 0)
    try append("two\n", to: try sink().sink, from: 4)
    #expect(text(path) == "two\n")
  }

  @Test func aLedgerOfTheLayoutBeforeIsNotRead() throws {
    let (first, _) = try sink()
    try append("one\n", to: first, from: 0)
    // "PUPSINK1"
    var magic: UInt64 = 0x314B_4E49_5350_5550
    #expect(pwrite(ledgers.sinkFile, &magic, 8, 0) == 8)
    foreign("theirs\n")
    let (next, context) = try sink()
    #expect(context.ledger.claim(.file, "other")?.newest == nil)
    try append("two\n", to: next, from: 4)
    #expect(text(path) == "one\ntheirs\ntwo\n")
  }
}
