internal import PupCore

/// Warnings from checks that look beyond the configuration, placed in its text where they apply.
package struct LateWarnings {
  private let document: JSON5Document
  private var collector: DiagnosticCollector

  /// - Parameter bytes: a configuration without errors.
  package init(_ bytes: [UInt8]) {
    document = JSON5Document(bytes)
    collector = DiagnosticCollector(document)
  }

  /// A warning about an element of a list in a process, or in the cluster that it belongs to.
  package mutating func add(_ process: ProcessConfiguration, _ key: String, element: Int, _ what: String, _ fix: String) {
    let id = process.cluster?.id ?? process.id
    guard let list = document.value(of: "processes", in: JSON5Document.root) else { return }
    let owner = document.elements(of: list).first { node in
      document.value(of: "id", in: node).map { ProcessID(document.text(of: $0)) } == id
    }
    guard let owner, let values = document.value(of: key, in: owner) else { return }
    let elements = document.elements(of: values)
    collector.report(.warning, at: elements.indices.contains(element) ? elements[element] : values, what, fix)
  }

  /// A warning about a key of a top-level object.
  package mutating func add(_ object: String, _ key: String, _ what: String, _ fix: String) {
    let owner = document.value(of: object, in: JSON5Document.root)
    collector.report(.warning, at: owner.flatMap { document.value(of: key, in: $0) } ?? owner ?? JSON5Document.root, what, fix)
  }

  /// The report with these warnings inserted in text order.
  package consuming func added(to report: ConfigurationReport) -> ConfigurationReport {
    var report = report
    let all = (report.diagnostics + collector.finished()).enumerated()
    report.diagnostics = all.sorted {
      ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
    }.map(\.element)
    return report
  }
}
