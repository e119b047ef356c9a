package import PupAPI

/// A set of kinds of events: the listed ones, or all except the listed ones, which includes unknown kinds.
package struct EventNames: Hashable, Sendable, ExpressibleByArrayLiteral {
  private var listed: Set<EventName>
  /// The listed kinds are excluded.
  private var isComplement = false

  package init(_ names: some Sequence<EventName>) { listed = Set(names) }
  package init(arrayLiteral names: EventName...) { listed = Set(names) }

  package static let all = allBut([])

  package static func allBut(_ names: Set<EventName>) -> EventNames {
    var result = EventNames(names)
    result.isComplement = true
    return result
  }

  package func contains(_ name: EventName) -> Bool { listed.contains(name) != isComplement }

  package func isSuperset(of other: EventNames) -> Bool {
    switch (isComplement, other.isComplement) {
    case (false, false): listed.isSuperset(of: other.listed)
    case (true, false): listed.isDisjoint(with: other.listed)
    case (true, true): listed.isSubset(of: other.listed)
    case (false, true): false
    }
  }

  /// The kinds for which `isIncluded` is true.
  /// - Parameters:
  ///   - special: the kinds that are tested.
  ///   - others: whether all other kinds are included.
  func filtered(special: Set<EventName>, others: Bool, _ isIncluded: (EventName) -> Bool) -> EventNames {
    guard isComplement else {
      return EventNames(listed.filter { special.contains($0) ? isIncluded($0) : others })
    }
    return others
      ? .allBut(listed.union(special.filter { !isIncluded($0) })) : EventNames(special.filter { contains($0) && isIncluded($0) })
  }

  /// Whether it contains a kind that is not bulk. Unknown kinds are not.
  var hasState: Bool { isComplement || listed.contains { !EventBus.isBulk($0) } }
}
