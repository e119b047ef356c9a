/// A look below watched paths before anything changes: is there a file whose change would count?
package struct WatchSurvey: Sendable {
  /// How many entries are examined; a larger tree is assumed to be in order.
  private static let limit = 20_000

  package enum Finding: Hashable, Sendable {
    /// Something counts, or the path is not there yet, or the tree is too large to be sure.
    case inOrder
    /// There is no file, or only files that are never examined: in `node_modules`, or in something that begins with a dot.
    case empty
    /// The directory cannot be read.
    case unreadable
    /// There are files, and none of them counts. Their extensions, most frequent first.
    case nothingCounts(endings: [String])
    /// Pup itself writes there.
    case excluded
  }

  private let base: String
  private let filter: WatchFilter
  private let exclusions: ResolvedExclusions
  private var endings: [String: Int] = [:]
  private var seen = 0
  private var counts = false
  private var isUnreadable = false

  package init(base: String, options: WatchOptions, excluding exclusions: WatchExclusions) throws(GlobError) {
    self.base = base
    filter = try WatchFilter(options)
    self.exclusions = ResolvedExclusions(exclusions)
  }

  package mutating func look(at path: String) -> Finding {
    let root = WatchRoot(path, base: base)
    if exclusions.covers(root: root.path) { return .excluded }
    (endings, seen, counts, isUnreadable) = ([:], 0, false, false)
    guard FileIdentity(at: root.path, follow: true)?.kind == .directory else { return .inOrder }
    var remaining = Self.limit
    // Breadth first: what people edit is rarely deep down.
    var pending = [(path: root.path, real: root.path.real, name: root.watchedName, isTop: true)][...]
    while let next = pending.popFirst() {
      for name in look(at: next.path, next.real, next.name, isTop: next.isTop) {
        pending.append(
          (
            next.path.appending(name), next.real.appending(name), next.name.appending(String(decoding: name, as: UTF8.self)),
            false
          ))
      }
      remaining -= 1
      if counts || seen > Self.limit || remaining == 0 { return .inOrder }
    }
    let found = endings.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    if isUnreadable { return .unreadable }
    return seen == 0 ? .empty : .nothingCounts(endings: found)
  }

  /// Returns the directories in it that are to be examined.
  private mutating func look(at path: RawPath, _ real: RawPath, _ name: WatchedName, isTop: Bool) -> [[UInt8]] {
    let contents = try? DirectoryContents(
      of: path, follow: isTop,
      counts: { file in
        guard !exclusions.covers(file: real.appending(file)) else { return false }
        let text = String(decoding: file, as: UTF8.self)
        seen += 1
        counts = counts || filter.counts(name.appending(text))
        if !counts { endings[Self.ending(of: text), default: 0] += 1 }
        return false
      },
      looksInto: { filter.looksInto($0, in: name, at: real, exclusions) })
    if isTop, contents == nil { isUnreadable = true }
    return contents?.directories ?? []
  }

  /// ".py"; a name without an extension is returned as it is.
  private static func ending(of name: String) -> String {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[dot...])
  }
}
