/// Collects problems by their position in a document; lines and columns are computed once, at the end.
struct DiagnosticCollector {
  /// A file with more problems of one severity than this is probably the wrong file.
  static let limit = 200

  private struct Entry {
    var offset: Int
    var diagnostic: Diagnostic
  }

  private let document: JSON5Document
  private var entries: [Entry] = []
  /// Everything that was reported, including what was not kept.
  private var counts: [Diagnostic.Severity: Int] = [:]
  var hasErrors: Bool { counts[.error] != nil }

  init(_ document: JSON5Document) { self.document = document }

  /// Whether another problem would be discarded, so that looking for it is pointless.
  func isFull(_ severity: Diagnostic.Severity = .error) -> Bool { counts[severity, default: 0] >= Self.limit }

  /// `offset` overrides the node's own position, to point inside a string.
  mutating func report(
    _ severity: Diagnostic.Severity = .error, at node: Int, offset: Int? = nil, _ what: String, _ fix: String,
    suggestion: String? = nil
  ) {
    if isFull(severity) { return count(severity) }
    let place = offset ?? (node < document.nodes.count ? Int(document.nodes[node].start) : 0)
    add(
      Diagnostic(
        severity: severity, line: 0, column: 0, what: what, fix: fix, keyPath: document.keyPath(to: node), suggestion: suggestion),
      offset: place)
  }

  mutating func report(_ problem: JSON5Problem) {
    if isFull() { return count(.error) }
    add(
      Diagnostic(severity: .error, line: 0, column: 0, what: problem.what, fix: problem.fix, keyPath: "", suggestion: nil),
      offset: problem.offset)
  }

  private mutating func add(_ diagnostic: Diagnostic, offset: Int) {
    count(diagnostic.severity)
    entries.append(Entry(offset: offset, diagnostic: diagnostic))
  }

  private mutating func count(_ severity: Diagnostic.Severity) { counts[severity, default: 0] += 1 }

  /// All problems in text order.
  func finished() -> [Diagnostic] {
    var locator = SourceLocator(document.bytes)
    // The sort is stable: problems at the same position stay in the order in which they were found.
    var result = entries.enumerated().sorted { ($0.element.offset, $0.offset) < ($1.element.offset, $1.offset) }.map { entry in
      let place = locator.locate(entry.element.offset)
      var diagnostic = entry.element.diagnostic
      diagnostic.line = place.line
      diagnostic.column = place.column
      return diagnostic
    }
    for severity in [Diagnostic.Severity.error, .warning] where counts[severity, default: 0] > Self.limit {
      guard let last = result.last else { continue }
      result.append(
        Diagnostic(
          severity: severity, line: last.line, column: last.column, what: "there are more problems",
          fix: "fix these first", keyPath: "", suggestion: nil))
    }
    return result
  }
}
