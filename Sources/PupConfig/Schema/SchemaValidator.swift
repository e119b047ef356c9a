/// Checks a tree against the schema and reports every violation.
struct SchemaValidator {
  let document: JSON5Document
  /// The nodes that must not be used.
  private(set) var unusable: Set<Int> = []
  var collector: DiagnosticCollector

  init(_ document: JSON5Document, collector: DiagnosticCollector) {
    self.document = document
    self.collector = collector
  }

  /// There were so many errors that the check was abandoned: whatever was not checked must not be used either.
  private(set) var isExhausted = false

  mutating func check(_ node: Int, as type: SchemaType) {
    if isExhausted { return }
    let kind = document.nodes[node].kind
    if kind == .invalid {
      unusable.insert(node)
      return
    }
    switch (type, kind) {
    case (.text(let rule), .string): checkText(node, rule)
    case (.boolean, .true), (.boolean, .false), (.anything, _): break
    case (.integer(let range), .number): checkInteger(node, range)
    case (.number(let range), .number): checkNumber(node, range)
    case (.choice(let words), .string): checkChoice(node, words)
    case (.list(let element, let least), .array): checkList(node, element, atLeast: least)
    case (.map(let values), .object): checkMap(node, values)
    case (.object(let object), .object): checkObject(node, object)
    default:
      reject(node, "\(name(of: node)) is \(describe(kind)) where \(describe(type)) is expected", fix(for: type, node: node))
    }
  }

  private mutating func report(at node: Int, _ what: String, _ fix: String, suggestion: String? = nil) {
    isExhausted = collector.isFull()
    collector.report(at: node, what, fix, suggestion: suggestion)
  }

  private mutating func reject(_ node: Int, _ what: String, _ fix: String, suggestion: String? = nil) {
    unusable.insert(node)
    report(at: node, what, fix, suggestion: suggestion)
  }

  // MARK: - Scalars

  private mutating func checkText(_ node: Int, _ rule: SchemaTextRule) {
    // Most texts are short and plain, so their byte length is enough and no string has to be built.
    let size = document.nodes[node].range.count - 2
    let isPlain = !document.nodes[node].flagged
    if isPlain, rule.pattern == .any, size >= rule.length.lowerBound, size <= rule.length.upperBound { return }
    let text = document.text(of: node)
    if text.utf8.contains(0) { return reject(node, "\(name(of: node)) contains a NUL character", "remove the \\0") }
    let length = text.unicodeScalars.count
    if length < rule.length.lowerBound { return reject(node, "\(name(of: node)) is empty", "write something, or remove the key") }
    if length > rule.length.upperBound {
      return reject(node, "\(name(of: node)) has \(length) characters, more than \(rule.length.upperBound)", "make it shorter")
    }
    if !rule.pattern.matches(text) {
      reject(node, "\(name(of: node)) `\(shortened(text))` has characters that are not allowed", rule.pattern.explanation)
    }
  }

  private mutating func checkInteger(_ node: Int, _ range: ClosedRange<Int64>) {
    let number = document.number(of: node)
    if let value = number?.integer, range.contains(value) { return }
    let source = shortened(document.source(of: node))
    // A number that does not fit in a 64-bit integer is outside of every range.
    let real = number?.real ?? .nan
    let what = real.isNaN || (real.isFinite && real.rounded() != real) ? "is not a whole number" : "is out of range"
    reject(node, "\(name(of: node)) \(source) \(what)", "use a whole number \(words(range))")
  }

  private mutating func checkNumber(_ node: Int, _ range: ClosedRange<Double>) {
    if let value = document.number(of: node)?.real, range.contains(value) { return }
    reject(node, "\(name(of: node)) \(shortened(document.source(of: node))) is out of range", "use a number \(words(range))")
  }

  private mutating func checkChoice(_ node: Int, _ words: [String]) {
    let text = document.text(of: node)
    if words.contains(text) { return }
    let nearest = NearestName.find(text, among: words)
    let list = words.map { "\"\($0)\"" }.joined(separator: " or ")
    reject(node, "\(name(of: node)) cannot be \"\(shortened(text))\"", "use \(list)", suggestion: nearest)
  }

  // MARK: - Containers

  private mutating func checkList(_ node: Int, _ element: SchemaType, atLeast least: Int) {
    let elements = document.elements(of: node)
    if elements.count < least { return reject(node, "\(name(of: node)) is empty", "write at least \(least) element") }
    for child in elements where !isExhausted { check(child, as: element) }
  }

  private mutating func checkMap(_ node: Int, _ values: SchemaType) {
    var seen: [String: Int] = [:]
    for (key, value) in members(of: node) where !isExhausted {
      let text = document.text(of: key)
      checkDuplicate(key, text, &seen)
      if text.isEmpty || text.contains("=") || text.utf8.contains(0) {
        reject(key, "`\(shortened(text))` cannot be the name of a variable", "use a name without `=` and NUL")
      }
      check(value, as: values)
    }
  }

  private mutating func checkObject(_ node: Int, _ object: SchemaObject) {
    /// The first node for each known key.
    var seen = [Int?](repeating: nil, count: object.keys.count)
    var unknown: [String: Int] = [:]
    for (key, value) in members(of: node) where !isExhausted {
      let text = document.text(of: key)
      guard let position = object.position(of: text) else {
        checkDuplicate(key, text, &unknown)
        unknownKey(key, text, object)
        continue
      }
      if seen[position] != nil { duplicateKey(key, text) } else { seen[position] = key }
      check(value, as: object.keys[position].type)
    }
    if !document.nodes[node].flagged { checkPresence(node, object, seen) }
  }

  private mutating func checkPresence(_ node: Int, _ object: SchemaObject, _ seen: [Int?]) {
    for (key, found) in zip(object.keys, seen) where key.isRequired && found == nil {
      report(at: node, "\(name(of: node)) has no `\(key.name)`", "add \(key.name): \(example(of: key.type))")
    }
    if object.exactlyOneOf.isEmpty { return }
    let chosen = object.exactlyOneOf.compactMap { object.position(of: $0).flatMap { seen[$0] } }
    if chosen.count == 1 { return }
    let choices = object.exactlyOneOf.map { "`\($0)`" }
    if chosen.isEmpty {
      report(at: node, "\(name(of: node)) has no \(choices.joined(separator: " and no "))", "add one of them")
    } else if let offending = chosen.max() {
      report(at: offending, "\(name(of: node)) has both \(choices.joined(separator: " and "))", "remove one of them")
    }
  }

  private func members(of node: Int) -> [(key: Int, value: Int)] {
    var result: [(key: Int, value: Int)] = []
    document.forEachMember(of: node) { result.append(($0, $1)) }
    return result
  }

  private mutating func checkDuplicate(_ key: Int, _ text: String, _ seen: inout [String: Int]) {
    if seen[text] != nil {
      duplicateKey(key, text)
    } else {
      seen[text] = key
    }
  }

  private mutating func duplicateKey(_ key: Int, _ text: String) {
    report(at: key, "the key `\(shortened(text))` appears twice", "keep one of the two")
  }

  private mutating func unknownKey(_ key: Int, _ text: String, _ object: SchemaObject) {
    if let foreign = object.foreignKey(text) {
      return reject(key, "unknown key `\(shortened(text))`", foreign.advice, suggestion: foreign.name)
    }
    let nearest = object.nearest(to: text)
    let fix =
      nearest.map { "did you mean `\($0)`?" }
      ?? "remove it; the known keys are \(object.keys.map(\.name).joined(separator: ", "))"
    reject(key, "unknown key `\(shortened(text))`", fix, suggestion: nearest)
  }
}
