@testable internal import PupAPI

/// What must hold of the reader, the writer and the shapes of the interface whatever bytes come. For fuzzers and seeded tests.
package enum FuzzJSON {
  /// What does not hold for these bytes; empty where all is well.
  package static func check(_ bytes: [UInt8]) -> [String] {
    let limits = JSONLimits(bytes: 1 << 16, depth: 32)
    let value: JSONValue
    do throws(JSONProblem) { value = try JSONValue(parsing: bytes, limits: limits) } catch {
      return 0...bytes.count ~= error.offset ? [] : ["a problem lies outside the text"]
    }
    var broken: [String] = []
    let written = value.jsonBytes
    if (try? JSONValue(parsing: written, limits: JSONLimits(bytes: .max, depth: 32))) != value {
      broken.append("a value changes when written: \(String(decoding: written.prefix(200), as: UTF8.self))")
    }
    if String(validating: written, as: UTF8.self) == nil { broken.append("what is written is not UTF-8") }
    if let text = value.stringValue, let date = ISODate(text: text), ISODate(text: date.text)?.text != date.text {
      broken.append("a date changes when written: \(date.text)")
    }
    broken += shape(value, TokenRequest.self) + shape(value, TokenRevocation.self) + shape(value, TokenCreated.self)
    broken += shape(value, TokenInfo.self) + shape(value, SecretRotated.self) + shape(value, ActionResult.self)
    broken += shape(value, IPCMessage.self) + shape(value, LogItem.self) + shape(value, LogSubmission.self)
    broken += shape(value, ProcessTelemetry.self) + shape(value, ProcessInformation.self) + shape(value, ProcessEntry.self)
    return broken
  }

  /// What can be read means the same once it is written. (Once: a date is cut to milliseconds, and a number to what fits.)
  private static func shape<Shape: JSONDecodable & JSONEncodable & Equatable>(_ value: JSONValue, _: Shape.Type) -> [String] {
    guard let first = try? Shape(json: value) else { return [] }
    guard let second = try? Shape(jsonBytes: first.jsonBytes, limits: JSONLimits(bytes: .max)) else {
      return ["\(Shape.self): what was written cannot be read"]
    }
    return (try? Shape(jsonBytes: second.jsonBytes, limits: JSONLimits(bytes: .max))) == second
      ? [] : ["\(Shape.self) changes when written"]
  }
}
