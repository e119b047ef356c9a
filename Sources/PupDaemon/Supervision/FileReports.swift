internal import PupCore
internal import PupLogs
internal import PupSystem

/// What is said of the files of this instance and of its keeper: what is new, and nothing twice.
struct FileReports {
  struct Line: Hashable {
    var severity: LogSeverity
    var category: LogCategory
    var text: String
  }

  /// What was reported, and still is so.
  private var problems: [String] = []
  private var keeperHold: String?
  /// Pages of the shared files that this process had to replace.
  private var replacedPages: Int32 = 0

  /// - Parameters:
  ///   - keeper: its pid.
  ///   - hold: what keeps the keeper from working; it cannot say itself that somebody has stopped it.
  ///   - runtime: the folder of the shared files.
  mutating func lines(
    about findings: Caretaker.Findings, keeper: Int32, hold: String?, replacedPages: Int32, runtime: String
  ) -> [Line] {
    var lines: [Line] = []
    if !findings.remade.isEmpty {
      lines.append(
        Line(
          severity: .error, category: .files,
          text: "removed while Pup runs, and made anew: \(findings.remade.joined(separator: ", "))"))
    }
    for problem in findings.problems where !problems.contains(problem) {
      lines.append(Line(severity: .error, category: .files, text: problem))
    }
    problems = findings.problems
    if let hold, keeperHold == nil { lines.append(Line(severity: .error, category: .keeper, text: hold)) }
    if hold == nil, keeperHold != nil {
      lines.append(Line(severity: .info, category: .keeper, text: "the keeper (pid \(keeper)) goes on"))
    }
    keeperHold = hold
    if replacedPages > self.replacedPages {
      lines.append(
        Line(
          severity: .error, category: .files,
          text:
            "the shared files in \(runtime) were cut by somebody; programs run on, but until the next 'pup run' log lines may be "
            + "repeated or missing where a supervisor is replaced"))
    }
    self.replacedPages = replacedPages
    return lines
  }
}
