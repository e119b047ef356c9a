/// A key that other supervisors have: its name here, or what to do instead. Users who bring a file from pm2, supervisord,
/// process-compose or systemd get an answer instead of a list of known keys.
package struct ForeignKey: Hashable, Sendable {
  /// The key with the same meaning; nil if there is none.
  package var name: String?
  /// How to write it here, or the workaround.
  package var advice: String

  /// "in Pup this is `x`"
  static func here(_ name: String, _ note: String = "") -> ForeignKey {
    ForeignKey(name: name, advice: "in Pup this is `\(name)`" + (note.isEmpty ? "" : ": \(note)"))
  }

  /// Pup cannot do this yet.
  static func missing(_ instead: String) -> ForeignKey { ForeignKey(name: nil, advice: "not supported yet; \(instead)") }

  /// It needs no key here, or is meaningless.
  static func needless(_ why: String) -> ForeignKey { ForeignKey(name: nil, advice: "remove it: \(why)") }

  /// Case, `_` and `-` differ from one supervisor to the next.
  static func folded(_ name: String) -> String { name.lowercased().filter { $0 != "_" && $0 != "-" } }

  /// - Parameter rows: names as written elsewhere, separated by spaces.
  static func table(_ rows: [(names: String, key: ForeignKey)]) -> [String: ForeignKey] {
    var table: [String: ForeignKey] = [:]
    for row in rows { for name in row.names.split(separator: " ") { table[folded(String(name))] = row.key } }
    return table
  }
}
