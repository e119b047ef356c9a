package import PupSystem

/// Why an instance cannot be started (or found), in words for people, and the matching exit code of sysexits(3).
package struct InstanceError: Error, Hashable, Sendable {
  package enum Kind: Int32, Hashable, Sendable {
    /// Ambiguous: more than one could be meant.
    case usage = 64
    /// A file or a folder that cannot be used.
    case configuration = 65
    /// Already running.
    case unavailable = 69
    /// The machine refused something.
    case system = 71
    /// It may work in a moment.
    case busy = 75
    /// Another version of Pup has written something that this one must not guess at.
    case otherVersion = 76
    /// Another user has the right to do it: usually root.
    case permission = 77
  }

  package var kind: Kind
  package var message: String
  /// The kernel refused it because of missing rights.
  package var isDenied = false

  package init(_ kind: Kind, _ message: String, isDenied: Bool = false) {
    self.kind = kind
    self.message = message
    self.isDenied = isDenied
  }

  /// For what is left as it is, since programs may depend on it.
  package static func otherVersion(_ path: String, _ error: any Error) -> InstanceError {
    InstanceError(
      .otherVersion,
      "\(path): \(error). Nothing was changed. Use the version of Pup that wrote it, or end the programs with that version (pup sweep)"
    )
  }

  package init(_ problem: OwnershipProblem) {
    self.init(problem.kind == .untrusted ? .permission : .configuration, problem.description)
  }

  /// Turns a problem of a folder or file into one of the instance.
  package static func ofFiles<Value: ~Copyable>(_ body: () throws(OwnershipProblem) -> Value) throws(InstanceError) -> Value {
    do throws(OwnershipProblem) { return try body() } catch { throw InstanceError(error) }
  }
}
