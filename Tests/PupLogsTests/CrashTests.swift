import Glibc
import PupSystem
import PupTestSupport
import Synchronization
import Testing

@testable import PupLogs

/// The brain is killed at every step of a commit, again and again, while two streams of a process write: each line is in the
/// store and in the files exactly once, in order.
@Suite(.timeLimit(.minutes(3)), .serialized) struct CrashTests {
  /// Dies at the n-th step that it is asked about.
  final class Fate: Sendable {
    private let left: Mutex<Int>
    let deaths: Inbox<Event>

    init(after steps: Int, _ deaths: Inbox<Event>) {
      left = Mutex(steps)
      self.deaths = deaths
    }

    func strikes() -> Bool {
      let isNow = left.withLock { left in
        left -= 1
        return left == 0
      }
      if isNow { deaths.put(.died) }
      return isNow
    }
  }

  enum Event: Equatable, Sendable {
    case died
    case written(UInt64)
    case drained(UInt64)
  }

  /// Lines of any bytes, of any length, some without an end for a while.
  private func content(_ tag: UInt8, _ generator: inout SeededGenerator, isLarge: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    for number in 0..<Int.random(in: isLarge ? 1_500...2_500 : 200...600, using: &generator) {
      bytes += Array("\(number) ".utf8) + [tag]
      let length =
        generator.chance(1, in: 60)
        ? Int.random(in: 0...(isLarge ? 400_000 : 150_000), using: &generator) : Int.random(in: 0...300, using: &generator)
      for _ in 0..<length {
        let byte = UInt8.random(in: 0...255, using: &generator)
        bytes.append(byte == 10 || byte == 0x1B ? 0 : byte)
      }
      bytes.append(10)
    }
    if generator.chance(1, in: 2) { bytes.removeLast() }
    return bytes
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>) func everyLineIsThereExactlyOnce(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let bench = try PumpBench()
    bench.options.segmentBytes = generator.chance(1, in: 2) ? 64 << 10 : 16 << 20
    let packets = generator.chance(1, in: 4)
    let events = Inbox<Event>()
    let files = [bench.folder.at("out"), bench.folder.at("err")]
    let destination = LogDestination(console: false, stdoutFile: files[0], stderrFile: files[1])
    // A large pipe is taken in several parts, each with its own commit and request.
    let isLarge = seed > 8
    let contents = [content(111, &generator, isLarge: isLarge), content(101, &generator, isLarge: isLarge)]
    for (place, content) in contents.enumerated() {
      let key = UInt64(place + 1)
      let writeEnd = try bench.makeStream(key, row: place, packets: packets, capacity: isLarge ? 1 << 20 : nil)
      var own = SeededGenerator(seed: seed &* 100 + key)
      let sizes = (0..<min(content.count, 100_000)).map { _ in
        own.chance(1, in: 10)
          ? Int.random(in: 1...(isLarge ? 900_000 : 20_000), using: &own) : Int.random(in: 1...2_000, using: &own)
      }
      _ = onThread {
        var rest = content[...]
        var turn = 0
        while !rest.isEmpty {
          let size = min(sizes[turn % sizes.count], rest.count)
          writeAll(writeEnd, Array(rest.prefix(size)))
          rest = rest.dropFirst(size)
          turn += 1
        }
        close(writeEnd)
        events.put(.written(key))
      }
    }

    var written: Set<UInt64> = []
    var drained: Set<UInt64> = []
    var deaths = 0
    while drained.count < 2 {
      // Later on more and more steps are survived, so that the test ends.
      let fate = Fate(after: Int.random(in: 1...(10 + deaths), using: &generator), events)
      try bench.start(probe: { _ in fate.strikes() })
      let inbox = bench.drained
      let forward = onThread { while let key = inbox.take(seconds: 100), key != 0 { events.put(.drained(key)) } }
      for (place, which) in [OutputStream.standardOutput, .standardError].enumerated() where !drained.contains(UInt64(place + 1))
      {
        try bench.attach(UInt64(place + 1), which, destination)
      }
      for key in written.subtracting(drained) { bench.pump.treeEnded(key: key) }
      var isDead = false
      while !isDead, drained.count < 2 {
        let event = try #require(events.take(seconds: 30), "the pump is stuck after \(deaths) deaths")
        switch event {
        case .died: isDead = true
        case .written(let key):
          written.insert(key)
          bench.pump.treeEnded(key: key)
        case .drained(let key): drained.insert(key)
        }
      }
      deaths += isDead ? 1 : 0
      bench.stop()
      inbox.put(0)
      _ = forward.take()
    }
    #expect(deaths > 5, "\(deaths)")

    for (place, category) in ["stdout", "stderr"].enumerated() {
      var expected = contents[place]
      if expected.last != 10 { expected.append(10) }
      var stored: [UInt8] = []
      for line in bench.reader.lines(LogQuery()) where line.category == category { stored += line.text + [10] }
      #expect(stored == expected, "store, \(category), \(deaths) deaths")
      // A piece at the very end of a file waits for its line feed.
      var inFile = PupLogsTests.contents(files[place])
      if inFile.last != 10 { inFile.append(10) }
      #expect(inFile == expected, "file, \(category), \(deaths) deaths")
    }
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>) func aSharedFileHasEveryLineExactlyOnce(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed &+ 1000)
    let bench = try PumpBench()
    let events = Inbox<Event>()
    let shared = bench.folder.at("shared")
    let count = 4
    for place in 0..<count {
      let writeEnd = try bench.makeStream(UInt64(place + 1), row: place)
      _ = onThread {
        // Whole lines below PIPE_BUF: they arrive unbroken.
        for number in 0..<1_500 { writeAll(writeEnd, Array("stream \(place) line \(number)\n".utf8)) }
        close(writeEnd)
        events.put(.written(UInt64(place + 1)))
      }
    }
    var written: Set<UInt64> = []
    var drained: Set<UInt64> = []
    var deaths = 0
    while drained.count < count {
      let fate = Fate(after: Int.random(in: 1...(8 + deaths), using: &generator), events)
      try bench.start(probe: { _ in fate.strikes() })
      let inbox = bench.drained
      let forward = onThread { while let key = inbox.take(seconds: 100), key != 0 { events.put(.drained(key)) } }
      for place in 0..<count where !drained.contains(UInt64(place + 1)) {
        try bench.attach(
          UInt64(place + 1), process: "p\(place)", .standardOutput,
          LogDestination(console: false, stdoutFile: shared, decorateFiles: place % 2 == 0))
      }
      for key in written.subtracting(drained) { bench.pump.treeEnded(key: key) }
      var isDead = false
      while !isDead, drained.count < count {
        let event = try #require(events.take(seconds: 30), "the pump is stuck after \(deaths) deaths")
        switch event {
        case .died: isDead = true
        case .written(let key):
          written.insert(key)
          bench.pump.treeEnded(key: key)
        case .drained(let key): drained.insert(key)
        }
      }
      deaths += isDead ? 1 : 0
      bench.stop()
      inbox.put(0)
      _ = forward.take()
    }
    #expect(deaths > 5, "\(deaths)")
    let lines = text(shared).split(separator: "\n")
    for place in 0..<count {
      let expected = (0..<1_500).map { "stream \(place) line \($0)" }
      // Half of the processes write decorated lines.
      let own = lines.filter { $0.contains("stream \(place) line ") }
      #expect(own.map { $0.split(separator: " ").suffix(4).joined(separator: " ") } == expected)
      #expect(bench.texts(LogQuery(processes: ["p\(place)"])) == expected)
    }
  }
}
