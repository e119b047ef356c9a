extension JSON5Parser {
  var isAtEnd: Bool { isStopped || position >= bytes.count }

  /// 0 at the end of the text, which itself contains no NUL.
  func peek(_ distance: Int = 0) -> UInt8 {
    !isStopped && position + distance < bytes.count ? bytes[position + distance] : 0
  }

  mutating func append(_ kind: JSON5Node.Kind, from start: Int, flagged: Bool = false) {
    nodes.append(
      JSON5Node(kind: kind, flagged: flagged, start: UInt32(start), end: UInt32(position), next: UInt32(nodes.count + 1)))
  }

  mutating func report(at offset: Int, _ what: String, _ fix: String) {
    guard problems.count < Self.problemLimit else {
      structureLost = true
      isStopped = true
      return
    }
    problems.append(JSON5Problem(offset: offset, what: what, fix: fix))
  }

  /// The innermost container may lack something that the author wrote, so none of its keys may be reported as missing.
  mutating func markRecovery() {
    guard let offset = open.last?.offset else { return }
    if let index = nodes.lastIndex(where: { Int($0.start) == offset && ($0.kind == .object || $0.kind == .array) }) {
      nodes[index].flagged = true
    }
  }

  mutating func unclosed() {
    guard !structureLost, let container = open.last else { return }
    structureLost = true
    let closer = container.byte == UInt8(ascii: "{") ? "}" : "]"
    let opener = container.byte == UInt8(ascii: "{") ? "{" : "["
    report(at: container.offset, "this `\(opener)` is never closed", "add the missing `\(closer)`")
  }

  /// Handles a closing bracket of the wrong kind. Returns whether it ends
  /// the current container; it is then left unread for an outer one.
  mutating func mismatch(closer: String, expected: String, opener: UInt8) -> Bool {
    if !structureLost {
      report(at: position, "found `\(closer)` where `\(expected)` is expected", "close each bracket with its own kind")
    }
    structureLost = true
    if open.contains(where: { $0.byte == opener }) { return true }
    position += 1
    return false
  }

  mutating func surplusComma() {
    report(at: position, "there is an extra comma", "remove it")
    position += 1
  }

  /// Reads the comma after a value if one is needed.
  mutating func separator(after value: JSON5Node) {
    switch peek() {
    case UInt8(ascii: ","):
      position += 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      return
    case 0 where isAtEnd:
      return
    case UInt8(ascii: ";"):
      report(at: position, "found `;` where a comma is expected", "write ,")
      position += 1
    default:
      // After an unreadable value, the rest of its line belongs to the same mistake.
      if value.kind == .invalid {
        if !bytes[Int(value.end)..<position].contains(UInt8(ascii: "\n")) { skipToDelimiter() }
        return
      }
      report(at: Int(value.end), "a comma is missing here", "write , between two values")
    }
  }

  /// Skips past the next comma, or to the next closing bracket or line.
  mutating func skipToDelimiter() {
    while !isAtEnd {
      switch bytes[position] {
      case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: "\n"):
        return
      case UInt8(ascii: ","):
        position += 1
        return
      default:
        position += 1
      }
    }
  }

  /// Skips a container that is nested too deeply, without building nodes.
  mutating func skipContainer() {
    var depth = 0
    while !isAtEnd {
      switch bytes[position] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        skipString()
        continue
      default: break
      }
      position += 1
      if depth == 0 { return }
    }
  }

  private mutating func skipString() {
    let quote = bytes[position]
    position += 1
    while !isAtEnd, bytes[position] != quote, bytes[position] != UInt8(ascii: "\n") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    position = min(position + 1, bytes.count)
  }
}
