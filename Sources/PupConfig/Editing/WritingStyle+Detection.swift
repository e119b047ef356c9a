extension WritingStyle {
  /// The style of a document; the object at `neighbour`, if any, takes precedence.
  init(of document: JSON5Document, neighbour: Int?) {
    self.init()
    let lines = SourceLines(bytes: document.bytes)
    let root = document.nodes[JSON5Document.root].range
    isMultiline = lines.hasBreak(root)
    if let first = document.bytes.indices.first(where: lines.isBreak) {
      newline = String(decoding: document.bytes[first..<(lines.afterBreak(first) ?? first + 1)], as: UTF8.self)
    }
    unit = Self.unit(document, lines) ?? unit
    readKeysAndTexts(document)
    let object = neighbour ?? JSON5Document.root
    trailingComma =
      Self.hasTrailingComma(document, object, lines) ?? Self.hasTrailingComma(document, JSON5Document.root, lines) ?? false
    readPunctuation(document, object, lines)
    guard let neighbour, document.nodes[neighbour].next > neighbour + 1 else {
      itemIsMultiline = isMultiline
      return
    }
    let layout = ContainerLayout(document, neighbour)
    itemIsMultiline = layout.beginsLine(0)
    if itemIsMultiline {
      let member = lines.indentation(at: layout.items[0].lowerBound)
      let closing = lines.indentation(at: layout.inside.upperBound)
      if member.hasPrefix(closing), member.utf8.count > closing.utf8.count { unit = String(member.dropFirst(closing.count)) }
    }
  }

  /// Taken from the first member of the root, or from deeper levels.
  private static func unit(_ document: JSON5Document, _ lines: SourceLines) -> String? {
    for node in document.nodes.indices where document.nodes[node].kind == .object || document.nodes[node].kind == .array {
      let layout = ContainerLayout(document, node)
      guard !layout.items.isEmpty, layout.beginsLine(0) else { continue }
      let inner = lines.indentation(at: layout.items[0].lowerBound)
      let outer = lines.indentation(at: layout.inside.lowerBound - 1)
      if inner.hasPrefix(outer), inner.utf8.count > outer.utf8.count { return String(inner.dropFirst(outer.count)) }
    }
    return nil
  }

  /// Follows the majority; strings that contain a quote themselves are ignored.
  private mutating func readKeysAndTexts(_ document: JSON5Document) {
    var (plain, single, double) = (0, 0, 0)
    var (singleTexts, doubleTexts) = (0, 0)
    for node in document.nodes.indices where document.nodes[node].kind == .object {
      document.forEachMember(of: node) { key, value in
        switch (document.nodes[key].kind, document.bytes[Int(document.nodes[key].start)]) {
        case (.identifier, _): plain += 1
        case (_, UInt8(ascii: "'")): single += 1
        default: double += 1
        }
        guard document.nodes[value].kind == .string, !document.text(of: value).contains(where: { $0 == "'" || $0 == "\"" }) else {
          return
        }
        if document.bytes[Int(document.nodes[value].start)] == UInt8(ascii: "'") { singleTexts += 1 } else { doubleTexts += 1 }
      }
    }
    textQuote = singleTexts > doubleTexts ? "'" : "\""
    keyQuote = plain > single + double ? nil : single > double ? "'" : "\""
  }

  private mutating func readPunctuation(_ document: JSON5Document, _ object: Int, _ lines: SourceLines) {
    guard document.nodes[object].kind == .object else { return }
    var colon: String?
    document.forEachMember(of: object) { key, value in
      let between = document.nodes[key].range.upperBound..<document.nodes[value].range.lowerBound
      let text = String(decoding: document.bytes[between], as: UTF8.self)
      if colon == nil, text.allSatisfy({ $0 == ":" || $0 == " " }) { colon = text }
    }
    guard let colon else { return }
    // Aligned colons do not reveal a preference.
    self.colon = colon.utf8.count <= 3 ? colon : ": "
    let layout = ContainerLayout(document, object)
    if !layout.beginsLine(0) { padding = layout.items[0].lowerBound > layout.inside.lowerBound ? " " : "" }
    isCompact = !isMultiline && colon == ":"
    if isCompact { padding = "" }
  }

  private static func hasTrailingComma(_ document: JSON5Document, _ object: Int, _ lines: SourceLines) -> Bool? {
    let layout = ContainerLayout(document, object)
    guard let last = layout.items.indices.last, layout.beginsLine(last) else { return nil }
    return layout.comma(after: last) != nil
  }
}
