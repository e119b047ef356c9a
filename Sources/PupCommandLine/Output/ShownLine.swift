internal import PupBasics
internal import PupCore
internal import PupLogs

/// One line of `pup logs` or `pup monitor`, whatever it was made of.
struct ShownLine {
  /// What stands between the time and the process.
  enum Tag {
    case severity(LogSeverity)
    case event
    case lost

    var text: String {
      switch self {
      case .severity(let severity): severity.name.uppercased()
      case .event: "EVENT"
      case .lost: "LOST"
      }
    }

    var colour: Int {
      switch self {
      case .severity(.error), .lost: 31
      case .severity(.warn): 33
      case .severity(.info), .event: 36
      case .severity(.log): 90
      }
    }
  }

  var time: LogTime
  /// Events are known to the millisecond.
  var isToTheMillisecond = false
  var tag: Tag
  var process: String
  /// Empty where only the tag says what it is about.
  var category: String
  var text: [UInt8]
  /// Of the text; nil where it is a program's own.
  var colour: Int?
  /// More of the line follows, and it goes on from the piece before.
  var isPartial = false
  var isContinued = false

  init(time: LogTime, tag: Tag, process: String, category: String, text: [UInt8], colour: Int? = nil) {
    self.time = time
    self.tag = tag
    self.process = process
    self.category = category
    self.text = text
    self.colour = colour
  }

  /// A line of the log. A program's text keeps its own colours, unless it says itself that it is an error: what it writes to
  /// standard error need not be one.
  init(_ line: LogLine) {
    self.init(
      time: line.time, tag: .severity(line.severity), process: line.process, category: line.category, text: line.text)
    (isPartial, isContinued) = (line.isPartial, line.isContinuation)
    let severity = line.severity
    guard line.stream == nil else {
      if severity == .error, !line.isPlainError { colour = 31 }
      return
    }
    // Another version, or a program that asked for the line, may have named a topic that is not known here.
    switch LogCategory(rawValue: line.category)?.tone ?? .ordinary {
    case _ where severity == .error: colour = 31
    case .failure: colour = 31
    case _ where severity == .warn: colour = 33
    case .start: colour = 32
    case .end: colour = 33
    case .ordinary: colour = 90
    }
  }
}
