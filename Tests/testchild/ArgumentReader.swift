/// Walks over the arguments.
struct ArgumentReader {
  private var rest: ArraySlice<String>
  private var flag = ""

  init(_ arguments: ArraySlice<String>) { rest = arguments }

  mutating func nextFlag() -> String? {
    guard let next = rest.popFirst() else { return nil }
    flag = next
    return next
  }

  mutating func text() throws(Failure) -> String {
    guard let value = rest.popFirst() else { throw .usage("\(flag) needs a value") }
    return value
  }

  mutating func number<Value: FixedWidthInteger>(_ range: ClosedRange<Value>) throws(Failure) -> Value {
    let text = try text()
    guard let value = Value(text), range.contains(value) else {
      throw .usage("\(flag) needs a number from \(range.lowerBound) to \(range.upperBound), not \(text)")
    }
    return value
  }

  mutating func rate() throws(Failure) -> Double {
    let text = try text()
    guard let value = Double(text), value > 0, value.isFinite else { throw .usage("\(flag) needs a number above 0, not \(text)") }
    return value
  }

  mutating func signal() throws(Failure) -> Int32 { try Self.signal(try text(), flag) }

  mutating func signals() throws(Failure) -> [Int32] {
    var signals: [Int32] = []
    for name in try text().split(separator: ",") { signals.append(try Self.signal(String(name), flag)) }
    return signals
  }

  private static func signal(_ text: String, _ flag: String) throws(Failure) -> Int32 {
    guard let number = SignalName.number(of: text) else { throw .usage("\(flag): \(text) is no signal") }
    return number
  }
}
