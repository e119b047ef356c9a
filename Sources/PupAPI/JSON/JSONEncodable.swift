/// A value that can be written as JSON.
public protocol JSONEncodable {
  /// Writes exactly one value.
  func write(to writer: inout JSONWriter)
}

extension JSONEncodable {
  /// Compact JSON.
  public var jsonBytes: [UInt8] {
    var writer = JSONWriter()
    write(to: &writer)
    return writer.bytes
  }

  /// Compact JSON.
  public var jsonText: String { String(decoding: jsonBytes, as: UTF8.self) }
}

extension String: JSONEncodable {
  public func write(to writer: inout JSONWriter) { writer.string(self) }
}

extension Bool: JSONEncodable {
  public func write(to writer: inout JSONWriter) { writer.raw(self ? "true" : "false") }
}

extension Double: JSONEncodable {
  public func write(to writer: inout JSONWriter) { writer.raw(isFinite ? description : "null") }
}

extension Int: JSONEncodable {
  public func write(to writer: inout JSONWriter) { writer.raw(description) }
}

extension Int32: JSONEncodable {
  public func write(to writer: inout JSONWriter) { writer.raw(description) }
}

extension Int64: JSONEncodable {
  public func write(to writer: inout JSONWriter) { writer.raw(description) }
}

extension UInt64: JSONEncodable {
  public func write(to writer: inout JSONWriter) { writer.raw(description) }
}

extension Array: JSONEncodable where Element: JSONEncodable {
  public func write(to writer: inout JSONWriter) { writer.array(self) }
}

extension JSONObject: JSONEncodable {
  public func write(to writer: inout JSONWriter) {
    writer.object { writer in for member in members { writer.member(member.name, member.value) } }
  }
}

extension JSONValue: JSONEncodable {
  public func write(to writer: inout JSONWriter) {
    switch self {
    case .null: writer.null()
    case .bool(let flag): writer.value(flag)
    case .integer(let value): writer.value(value)
    case .number(let value): writer.value(value)
    case .string(let text): writer.value(text)
    case .array(let elements): writer.array(elements)
    case .object(let object): writer.value(object)
    }
  }
}
