/// Gathers problems by their place in a document; lines and columns are calculated once, at the end.
struct DiagnosticCollector {
  /// A file with more problems than this is not the file that was meant.
  static let limit = 200

  private struct Entry {
    var offset: Int
    var diagnostic: Diagnostic
  }

  private let document: JSON5Document
  private var entries: [Entry] = []
  private var omitted = 0
  private(set) var hasErrors = false

  init(_ document: JSON5Document) { self.document = document }

  /// `offset` overrides the node's own place, for a position inside a string.
  mutating func report(
    _ severity: Diagnostic.Severity = .error, at node: Int, offset: Int? = nil, _ what: String, _ fix: String,
    suggestion: String? = nil
  ) {
    let place = offset ?? (node < document.nodes.count ? Int(document.nodes[node].start) : 0)
    add(severity, offset: place, what, fix, keyPath: document.keyPath(to: node), suggestion: suggestion)
  }

  mutating func report(_ problem: JSON5Problem) {
    add(.error, offset: problem.offset, problem.what, problem.fix, keyPath: "", suggestion: nil)
  }

  private mutating func add(
    _ severity: Diagnostic.Severity, offset: Int, _ what: String, _ fix: String, keyPath: String, suggestion: String?
  ) {
    if severity == .error { hasErrors = true }
    guard entries.count < Self.limit else {
      omitted += 1
      return
    }
    let diagnostic = Diagnostic(
      severity: severity, line: 0, column: 0, what: what, fix: fix, keyPath: keyPath, suggestion: suggestion)
    entries.append(Entry(offset: offset, diagnostic: diagnostic))
  }

  /// All problems in the order of the text.
  func finished() -> [Diagnostic] {
    var locator = SourceLocator(document.bytes)
    // The sort is stable: two problems of one place stay in the order in which they were found.
    var result = entries.enumerated().sorted { ($0.element.offset, $0.offset) < ($1.element.offset, $1.offset) }.map { entry in
      let place = locator.locate(entry.element.offset)
      var diagnostic = entry.element.diagnostic
      diagnostic.line = place.line
      diagnostic.column = place.column
      return diagnostic
    }
    if omitted > 0, let last = result.last {
      result.append(
        Diagnostic(
          severity: .error, line: last.line, column: last.column, what: "\(omitted) more problems are not shown",
          fix: "solve the first ones", keyPath: "", suggestion: nil))
    }
    return result
  }
}
