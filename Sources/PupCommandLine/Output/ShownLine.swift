internal import PupLogs

/// One line of `pup logs` or `pup monitor`, whatever it was made of.
struct ShownLine {
  var time: LogTime
  /// Events are known to the millisecond.
  var isToTheMillisecond = false
  /// LOG, INFO, WARN, ERROR; EVENT or LOST in `pup monitor`.
  var tag: String
  var process: String
  /// Empty where only the tag says what it is about.
  var category: String
  var text: [UInt8]
  /// Of the text; nil where it is a program's own.
  var colour: Int?
  /// More of the line follows, and it goes on from the piece before.
  var isPartial = false
  var isContinued = false

  init(time: LogTime, tag: String, process: String, category: String, text: [UInt8], colour: Int? = nil) {
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
      time: line.time, tag: line.severity.name.uppercased(), process: line.process, category: line.category, text: line.text)
    (isPartial, isContinued) = (line.isPartial, line.isContinuation)
    let (severity, category) = (line.severity, line.category)
    if category == "stdout" || category == "stderr" {
      if severity == .error, !line.isPlainError { colour = 31 }
      return
    }
    switch category {
    case _ where severity == .error: colour = 31
    case "errored", "exhausted": colour = 31
    case _ where severity == .warn: colour = 33
    case "starting": colour = 32
    case "finished": colour = 33
    default: colour = 90
    }
  }

  var tagColour: Int {
    switch tag {
    case "ERROR", "LOST": 31
    case "WARN": 33
    case "EVENT", "INFO": 36
    default: 90
    }
  }
}
