extension ConfigurationSchema {
  /// The definition as a JSON Schema (draft 2020-12), for editors; `pup.schema.json` is this text.
  package static func jsonSchema() -> String {
    let head = [
      ("$schema", "\"https://json-schema.org/draft/2020-12/schema\""),
      ("title", "\"Pup configuration\""),
      ("description", "\"pup.json: the programs that Pup runs, and how.\""),
    ]
    return render(head + members(of: root)) + "\n"
  }

  private static func members(of object: SchemaObject) -> [(String, String)] {
    var result = [("type", "\"object\"")]
    let properties = object.keys.map { key in
      var members = [("description", JSON5Text.quoted(key.summary))] + members(of: key.type)
      if let value = key.defaultValue { members.append(("default", value)) }
      return (key.name, render(members))
    }
    result.append(("properties", render(properties)))
    let required = object.keys.filter(\.isRequired).map(\.name)
    if !required.isEmpty { result.append(("required", json(required))) }
    if !object.exactlyOneOf.isEmpty {
      let choices = object.exactlyOneOf.map { render([("required", json([$0]))]) }
      result.append(("oneOf", "[" + choices.joined(separator: ", ") + "]"))
    }
    return result + [("additionalProperties", "false")]
  }

  private static func members(of type: SchemaType) -> [(String, String)] {
    switch type {
    case .text(let rule): text(rule)
    case .boolean: [("type", "\"boolean\"")]
    case .integer(let range):
      [("type", "\"integer\""), ("minimum", String(range.lowerBound)), ("maximum", String(range.upperBound))]
    case .number(let range):
      [("type", "\"number\""), ("minimum", json(range.lowerBound)), ("maximum", json(range.upperBound))]
    case .choice(let words): [("enum", json(words))]
    case .list(let element, let least):
      [("type", "\"array\""), ("items", render(members(of: element)))]
        + (least > 0 ? [("minItems", String(least))] : [])
    case .object(let object): members(of: object)
    case .map(let values): [("type", "\"object\""), ("additionalProperties", render(members(of: values)))]
    case .anything: []
    }
  }

  private static func text(_ rule: SchemaTextRule) -> [(String, String)] {
    var result = [("type", "\"string\"")]
    if rule.length.lowerBound > 0 { result.append(("minLength", String(rule.length.lowerBound))) }
    result.append(("maxLength", String(rule.length.upperBound)))
    if let expression = rule.pattern.regularExpression { result.append(("pattern", JSON5Text.quoted(expression))) }
    return result
  }

  /// An object with one member per line; nested values are indented accordingly.
  private static func render(_ members: [(String, String)]) -> String {
    if members.isEmpty { return "{}" }
    let lines = members.map { name, value in
      let nested = value.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n  ")
      return "  \(JSON5Text.quoted(name)): \(nested)"
    }
    return "{\n" + lines.joined(separator: ",\n") + "\n}"
  }
}
