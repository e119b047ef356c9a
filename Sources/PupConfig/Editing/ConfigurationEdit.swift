internal import PupCore

/// Edits a configuration's text and leaves everything else in it untouched: comments, indentation, quotes, empty lines.
package enum ConfigurationEdit {
  private static let list = "processes"

  /// The text of a new configuration.
  package static func new(_ process: OrderedValue?, name: String? = nil) -> [UInt8] {
    let style = WritingStyle()
    let name = name.map { "  \"name\": \(style.text(of: .text($0))),\n" } ?? ""
    guard let process else { return Array("{\n\(name)  \"processes\": []\n}\n".utf8) }
    let text = style.text(of: process, at: .lines(closing: "    ", members: "      "))
    return Array("{\n\(name)  \"processes\": [\n    \(text)\n  ]\n}\n".utf8)
  }

  /// Adds a process after the others.
  /// - Parameter process: an object with an `id`.
  package static func append(_ process: OrderedValue, to bytes: [UInt8]) throws(ConfigurationEditError) -> [UInt8] {
    let document = try readable(bytes)
    guard case .text(let id)? = process["id"] else { throw .unsafe("the new process has no id") }
    if let taken = names(document).first(where: { ProcessID($0) == ProcessID(id) }) {
      throw .duplicate(id: id, taken: taken)
    }
    guard case .object(var expected) = ConfigurationValue(document, JSON5Document.root) else { throw .noList }
    let edits: [TextEdit]
    if let list = document.value(of: list, in: JSON5Document.root) {
      guard document.nodes[list].kind == .array, case .list(let elements)? = expected[Self.list] else { throw .noList }
      expected[Self.list] = .list(elements + [process.configurationValue])
      let neighbour = document.elements(of: list).last { document.nodes[$0].kind == .object }
      let style = WritingStyle(of: document, neighbour: neighbour)
      edits = ContainerLayout(document, list).insertion(style) { style.text(of: process, at: $0) }
    } else {
      expected[Self.list] = .list([process.configurationValue])
      let style = WritingStyle(of: document, neighbour: nil)
      let member = OrderedValue.list([process])
      edits = ContainerLayout(document, JSON5Document.root).insertion(style) { _ in
        style.key(Self.list) + style.colon + style.text(of: member)
      }
    }
    return try checked(edits, of: document, expecting: .object(expected))
  }

  /// Removes a process along with the comments that belong to it.
  package static func remove(_ id: String, from bytes: [UInt8]) throws(ConfigurationEditError) -> [UInt8] {
    let document = try readable(bytes)
    guard let list = document.value(of: list, in: JSON5Document.root), document.nodes[list].kind == .array,
      case .object(var expected) = ConfigurationValue(document, JSON5Document.root),
      case .list(var elements)? = expected[Self.list]
    else { throw .noList }
    let found = document.elements(of: list).firstIndex { element in
      name(of: element, document).map { ProcessID($0) == ProcessID(id) } ?? false
    }
    guard let found else { throw missing(id, document) }
    elements.remove(at: found)
    expected[Self.list] = .list(elements)
    return try checked(ContainerLayout(document, list).removal(of: found), of: document, expecting: .object(expected))
  }

  // MARK: -

  private static func readable(_ bytes: [UInt8]) throws(ConfigurationEditError) -> JSON5Document {
    let document = JSON5Document(bytes)
    var collector = DiagnosticCollector(document)
    for problem in document.problems { collector.report(problem) }
    if collector.hasErrors { throw .broken(collector.finished()) }
    guard let root = document.nodes.first, root.kind == .object else { throw .noList }
    return document
  }

  /// Verifies that the new text means exactly what was intended: the whole tree is compared, not only the list.
  private static func checked(
    _ edits: [TextEdit], of document: JSON5Document, expecting expected: ConfigurationValue
  ) throws(ConfigurationEditError) -> [UInt8] {
    let bytes = edits.applied(to: document.bytes)
    let edited = JSON5Document(bytes)
    guard edited.problems.isEmpty, ConfigurationValue(edited, JSON5Document.root) == expected else {
      throw .unsafe("this layout cannot be edited safely")
    }
    return bytes
  }

  // MARK: Names

  private static func name(of element: Int, _ document: JSON5Document) -> String? {
    guard document.nodes[element].kind == .object, let node = document.value(of: "id", in: element),
      document.nodes[node].kind == .string
    else { return nil }
    return document.text(of: node)
  }

  private static func names(_ document: JSON5Document) -> [String] {
    guard let list = document.value(of: list, in: JSON5Document.root), document.nodes[list].kind == .array else { return [] }
    return document.elements(of: list).compactMap { name(of: $0, document) }
  }

  private static func missing(_ id: String, _ document: JSON5Document) -> ConfigurationEditError {
    let known = names(document)
    // "web-2" in the cluster "web"
    if let hyphen = id.lastIndex(of: "-"), Int(id[id.index(after: hyphen)...]) != nil,
      let cluster = known.first(where: { ProcessID($0) == ProcessID(String(id[..<hyphen])) })
    {
      return .member(id: id, cluster: cluster)
    }
    return .unknown(id: id, nearest: NearestName.find(id, among: known))
  }
}
