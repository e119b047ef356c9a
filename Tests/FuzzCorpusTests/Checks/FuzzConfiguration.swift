internal import PupCore

@testable internal import PupConfig

/// What must hold of the reader of configurations whatever bytes come. For fuzzers and seeded tests.
package enum FuzzConfiguration {
  /// What does not hold for these bytes; empty where all is well.
  package static func check(_ bytes: [UInt8]) -> [String] {
    var broken: [String] = []
    let document = JSON5Document(bytes)
    for index in document.nodes.indices {
      let node = document.nodes[index]
      if node.start > node.end || Int(node.end) > bytes.count { broken.append("node \(index) lies outside the text") }
      if Int(node.next) <= index || Int(node.next) > document.nodes.count {
        broken.append("node \(index) has no place in the tree")
      }
      // Reading any node in any way must be safe, also in a damaged text.
      _ = document.text(of: index)
      if index < 256 { _ = document.keyPath(to: index) }
    }
    if document.comments.contains(where: { $0.upperBound > bytes.count }) { broken.append("a comment lies outside the text") }
    let report = PupConfiguration.load(bytes: bytes, path: "fuzz", directory: "/", environment: EmptyMachine())
    if (report.configuration == nil) != (report.errorCount > 0) { broken.append("a configuration and errors exclude each other") }
    if !document.problems.isEmpty, report.errorCount == 0 { broken.append("a syntax problem is lost") }
    var last = (line: 1, column: 0)
    for diagnostic in report.diagnostics {
      if diagnostic.line < 1 || diagnostic.column < 1 { broken.append("a problem has no place") }
      if (diagnostic.line, diagnostic.column) < last { broken.append("problems are not in the order of the text") }
      last = (diagnostic.line, diagnostic.column)
    }
    for process in report.configuration?.processes ?? [] {
      if process.terminateTimeout < process.terminateGracePeriod { broken.append("SIGKILL before SIGTERM") }
      if case .command(let text) = process.program, text.utf8.contains(0) { broken.append("a command holds NUL") }
      _ = PupConfiguration.policy(of: process)
    }
    return broken
  }
}

/// A machine where everything is a folder that can be written and no program exists.
private struct EmptyMachine: ConfigurationEnvironment {
  let variables = ["PATH": "/bin"]
  func entry(at path: String) -> FileSystemEntry? { .directory(isWritable: true) }
  func contents(of path: String, limit: Int) -> [UInt8]? { nil }
  func obstacle(toEntering path: String) -> String? { nil }
  func permissions(of path: String) -> UInt32? { 0o700 }
  var zoneNames: [String] { [] }
  func zoneData(named name: String?) -> [UInt8]? { nil }
}
