extension SchemaValidator {
  /// The name of a value in messages: "`watch`", "`watch[2]`".
  func name(of node: Int) -> String {
    node == JSON5Document.root ? "the configuration" : "`\(shortened(document.name(of: node)))`"
  }

  func describe(_ kind: JSON5Node.Kind) -> String {
    switch kind {
    case .object: "an object"
    case .array: "a list"
    case .string, .identifier: "text"
    case .number: "a number"
    case .true, .false: "true or false"
    case .null: "null"
    case .invalid: "unreadable"
    }
  }

  func describe(_ type: SchemaType) -> String {
    switch type {
    case .text: "text"
    case .boolean: "true or false"
    case .integer: "a whole number"
    case .number: "a number"
    case .choice: "one of a few words"
    case .list: "a list"
    case .object, .map: "an object"
    case .anything: "anything"
    }
  }

  /// How to fix a value of the wrong type.
  func fix(for type: SchemaType, node: Int) -> String {
    let kind = document.nodes[node].kind
    switch (type, kind) {
    case (_, .null): return "remove the key to get its default"
    case (.boolean, .string): return "write \(Self.truth(of: document.text(of: node)) ?? "true or false")"
    case (.integer, .string), (.number, .string):
      return JSON5Number(document.text(of: node)) != nil ? "remove the quotes" : "write a number, such as \(example(of: type))"
    case (.text, .number), (.text, .true), (.text, .false): return "put it in quotes: \"\(shortened(document.source(of: node)))\""
    case (.list, .string), (.list, .object): return "put it in [ ]"
    default: return "write \(example(of: type))"
    }
  }

  /// Spellings of true and false in other formats.
  private static func truth(of text: String) -> String? {
    switch text.lowercased() {
    case "true", "yes", "on", "1", "y": "true"
    case "false", "no", "off", "0", "n": "false"
    default: nil
    }
  }

  func example(of type: SchemaType) -> String {
    switch type {
    case .text: "\"…\""
    case .boolean: "true"
    case .integer(let range): String(max(range.lowerBound, 1))
    case .number(let range): ConfigurationSchema.json(max(range.lowerBound, 1))
    case .choice(let words): words.map { "\"\($0)\"" }.joined(separator: " or ")
    case .list: "[ … ]"
    case .object, .map: "{ … }"
    case .anything: "a value"
    }
  }

  func words(_ range: ClosedRange<Int64>) -> String { "from \(range.lowerBound) to \(range.upperBound)" }

  func words(_ range: ClosedRange<Double>) -> String {
    "from \(ConfigurationSchema.json(range.lowerBound)) to \(ConfigurationSchema.json(range.upperBound))"
  }

  func shortened(_ text: String) -> String { text.count <= 60 ? text : text.prefix(60) + "…" }
}
