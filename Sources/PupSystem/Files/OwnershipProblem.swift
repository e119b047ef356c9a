/// A folder or file that cannot be trusted or opened: which, why, and the way out.
package struct OwnershipProblem: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    /// It does not exist.
    case missing
    /// Another user created it, or could change it.
    case untrusted
    /// The kernel refused, with this errno.
    case system(Int32)
  }

  package var kind: Kind
  package var description: String

  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  static func untrusted(_ path: String, _ reason: String) -> OwnershipProblem {
    OwnershipProblem(.untrusted, "\(path): \(reason)")
  }
}
