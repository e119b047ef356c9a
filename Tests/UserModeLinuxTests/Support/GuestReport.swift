import PupTestSupport

/// What a kernel left behind for its test: the console, the marks, and the work folder.
struct GuestReport {
  let folder: TemporaryFolder
  let marks: [Mark]

  init(folder: TemporaryFolder) {
    self.folder = folder
    marks = Self.lines(folder.text("marks")).compactMap(Mark.init)
  }

  var console: String { folder.text("console") ?? "" }

  /// A file of the work folder; "" where it is missing.
  func text(_ name: String) -> String { folder.text("work/\(name)") ?? "" }
  func lines(_ name: String) -> [String] { Self.lines(text(name)) }

  func marks(_ name: String) -> [Mark] { marks.filter { $0.name == name } }

  func mark(_ name: String) throws -> Mark {
    let found = marks(name)
    guard found.count == 1, let mark = found.first else { throw Failure("\(found.count) marks \(name) of 1\n\(summary)") }
    return mark
  }

  /// For a failure's text.
  var summary: String {
    let out = lines("out").suffix(60).joined(separator: "\n")
    return "console:\n\(Self.lines(console).suffix(30).joined(separator: "\n"))\nmarks:\n"
      + marks.map { "\($0.name) \($0.uptime) \($0.wall)" }.joined(separator: "\n") + "\nout:\n\(out)"
  }

  /// The segments of a process's log, in order.
  func segments(of process: String) -> [LogSegment] {
    let data = "work/.pup/pup.json-data/logs/\(process)"
    return folder.names(in: data).map { LogSegment(name: $0, lines: Self.lines(folder.text("\(data)/\($0)"))) }
  }

  private static func lines(_ text: String?) -> [String] { (text ?? "").split(separator: "\n").map(String.init) }
}

/// A line that `scripts/uml/mark` wrote.
struct Mark {
  let name: String
  /// Seconds since boot, by a clock that is never set; two decimals.
  let uptime: Double
  /// Seconds since 1970, by the wall clock.
  let wall: Int

  init?(_ line: String) {
    let words = line.split(separator: " ")
    guard words.count == 3, let uptime = Double(words[1]), let wall = Int(words[2]) else { return nil }
    (name, self.uptime, self.wall) = (String(words[0]), uptime, wall)
  }
}

/// A log file: lines that each begin with a timestamp of fixed width.
struct LogSegment {
  let name: String
  let lines: [String]

  var stamps: [Substring] { lines.map { $0.prefix { $0 != " " } } }
}
