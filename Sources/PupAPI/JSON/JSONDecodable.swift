/// A value that can be read from JSON.
public protocol JSONDecodable {
  /// Reads a value.
  /// - Throws: `PupError` with the code `invalidBody`, whose message names the field.
  init(json: JSONValue) throws(PupError)
}

extension JSONDecodable {
  /// Reads one JSON text.
  public init(jsonBytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(PupError) {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: jsonBytes, limits: limits)
    } catch {
      throw PupError(.invalidBody, "not JSON: \(error)")
    }
    try self.init(json: value)
  }
}

/// Reads the members of an object and reports which one is wrong.
public struct JSONFields: Sendable {
  /// The object whose members are read.
  public let object: JSONObject
  private let path: String

  /// The members of an object.
  /// - Parameters:
  ///   - value: the value, which must be an object.
  ///   - path: the object's path, for messages ("memory"); empty for the whole body.
  public init(_ value: JSONValue, path: String = "") throws(PupError) {
    guard let object = value.objectValue else {
      throw PupError(.invalidBody, "\(path.isEmpty ? "the body" : path) must be an object, not \(value.typeName)")
    }
    self.object = object
    self.path = path
  }

  /// A required string.
  /// - Throws: `invalidBody` if the member is missing or not a string.
  public func string(_ name: String) throws(PupError) -> String {
    guard let text = try required(name).stringValue else { throw wrong(name, "a string") }
    return text
  }

  /// Nil if the member is missing or null.
  /// - Throws: `invalidBody` for anything other than a string.
  public func optionalString(_ name: String) throws(PupError) -> String? {
    guard let value = present(name) else { return nil }
    guard let text = value.stringValue else { throw wrong(name, "a string") }
    return text
  }

  /// A required integer.
  /// - Throws: `invalidBody` if the member is missing or not a 64-bit integer.
  public func integer(_ name: String) throws(PupError) -> Int64 {
    guard let number = try required(name).integerValue else { throw wrong(name, "a whole number") }
    return number
  }

  /// Nil if the member is missing or null.
  /// - Throws: `invalidBody` for anything other than a 64-bit integer.
  public func optionalInteger(_ name: String) throws(PupError) -> Int64? {
    guard let value = present(name) else { return nil }
    guard let number = value.integerValue else { throw wrong(name, "a whole number") }
    return number
  }

  /// A required number.
  /// - Throws: `invalidBody` if the member is missing or not a number.
  public func number(_ name: String) throws(PupError) -> Double {
    guard let number = try required(name).doubleValue else { throw wrong(name, "a number") }
    return number
  }

  /// A required flag.
  /// - Throws: `invalidBody` if the member is missing or neither true nor false.
  public func bool(_ name: String) throws(PupError) -> Bool {
    guard let flag = try required(name).boolValue else { throw wrong(name, "true or false") }
    return flag
  }

  /// Nil if the member is missing or null.
  public func optionalNumber(_ name: String) throws(PupError) -> Double? { present(name) == nil ? nil : try number(name) }

  /// Nil if the member is missing or null.
  public func optionalBool(_ name: String) throws(PupError) -> Bool? { present(name) == nil ? nil : try bool(name) }

  /// A required array.
  /// - Throws: `invalidBody` if the member is missing or not an array.
  public func array(_ name: String) throws(PupError) -> [JSONValue] {
    guard let elements = try required(name).arrayValue else { throw wrong(name, "an array") }
    return elements
  }

  /// A required array of strings.
  /// - Throws: `invalidBody` if the member is missing or not an array of strings.
  public func strings(_ name: String) throws(PupError) -> [String] {
    var strings: [String] = []
    for element in try array(name) {
      guard let text = element.stringValue else { throw wrong(name, "an array of strings") }
      strings.append(text)
    }
    return strings
  }

  /// Nil if the member is missing or null.
  /// - Throws: `invalidBody` for anything other than an array of strings.
  public func optionalStrings(_ name: String) throws(PupError) -> [String]? {
    present(name) == nil ? nil : try strings(name)
  }

  /// The members of a nested object; messages use the full path ("memory.rss").
  /// - Throws: `invalidBody` if the member is missing or not an object.
  public func fields(_ name: String) throws(PupError) -> JSONFields {
    try JSONFields(try required(name), path: full(name))
  }

  /// Nil if the member is missing or null.
  public func present(_ name: String) -> JSONValue? {
    guard let value = object[name], !value.isNull else { return nil }
    return value
  }

  /// The value of a required member, which may be null.
  public func required(_ name: String) throws(PupError) -> JSONValue {
    guard let value = object[name] else { throw PupError(.invalidBody, "\(full(name)) is missing") }
    return value
  }

  /// A required date.
  /// - Throws: `invalidBody` if the member is missing or not a date (RFC 3339).
  public func date(_ name: String) throws(PupError) -> ISODate {
    guard let date = ISODate(text: try string(name)) else { throw wrong(name, "a date such as 2026-11-21T08:15:30.123Z") }
    return date
  }

  /// Nil if the member is missing or null.
  /// - Throws: `invalidBody` for anything other than a date (RFC 3339).
  public func optionalDate(_ name: String) throws(PupError) -> ISODate? {
    present(name) == nil ? nil : try date(name)
  }

  /// An error stating what a member must be.
  /// - Parameters:
  ///   - name: the member's name.
  ///   - expectation: the text after "must be", such as "a string" or "one of …".
  public func wrong(_ name: String, _ expectation: String) -> PupError {
    PupError(.invalidBody, "\(full(name)) must be \(expectation)")
  }

  private func full(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}
