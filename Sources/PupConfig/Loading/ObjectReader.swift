internal import PupCore

/// Reads those values of an object that the validator accepted; a missing key and an unusable value look the same.
struct ObjectReader {
  let document: JSON5Document
  let node: Int
  let unusable: Set<Int>

  /// The value's node.
  func node(_ name: String) -> Int? {
    document.value(of: name, in: node).flatMap { unusable.contains($0) ? nil : $0 }
  }

  func text(_ name: String) -> String? { node(name).map(document.text(of:)) }

  func boolean(_ name: String) -> Bool? { node(name).map { document.nodes[$0].kind == .true } }

  func integer(_ name: String) -> Int64? { node(name).flatMap { document.number(of: $0)?.integer } }

  func number(_ name: String) -> Double? { node(name).flatMap { document.number(of: $0)?.real } }

  /// A number of seconds. The schema's range guarantees that it fits in 64 bits of nanoseconds.
  func seconds(_ name: String) -> Delay? {
    number(name).flatMap { Int64(exactly: ($0 * 1_000_000_000).rounded()) }.map(Delay.init(nanoseconds:))
  }

  func port(_ name: String) -> UInt16? { integer(name).flatMap(UInt16.init(exactly:)) }

  func nodes(_ name: String) -> [Int]? {
    node(name).map { document.elements(of: $0).filter { !unusable.contains($0) } }
  }

  func texts(_ name: String) -> [String]? { nodes(name)?.map(document.text(of:)) }

  func object(_ name: String) -> ObjectReader? {
    node(name).map { ObjectReader(document: document, node: $0, unusable: unusable) }
  }

  func objects(_ name: String) -> [ObjectReader] {
    (nodes(name) ?? []).map { ObjectReader(document: document, node: $0, unusable: unusable) }
  }

  func map(_ name: String) -> [String: String] {
    var result: [String: String] = [:]
    guard let map = node(name) else { return result }
    document.forEachMember(of: map) { key, value in
      if !unusable.contains(value) { result[document.text(of: key)] = document.text(of: value) }
    }
    return result
  }

  /// The node at which a problem with `name` is reported: the key's value, or the object if there is none.
  func place(of name: String) -> Int { document.value(of: name, in: node) ?? node }
}
