package import PupSystem

/// Why an instance cannot be started (or found), in words for a person, and the exit code of sysexits(3) that fits.
package struct InstanceError: Error, Hashable, Sendable {
  package enum Kind: Int32, Hashable, Sendable {
    /// More than one could be meant.
    case usage = 64
    /// A file or a folder that cannot be used.
    case configuration = 65
    /// Running already.
    case unavailable = 69
    /// The machine refused something.
    case system = 71
    /// It may work in a moment.
    case busy = 75
    /// Another version of Pup has written what this one must not guess at.
    case otherVersion = 76
    /// Somebody else has the right to do it: root, mostly.
    case permission = 77
  }

  package var kind: Kind
  package var message: String
  /// The kernel refused it for want of rights.
  package var isDenied = false

  package init(_ kind: Kind, _ message: String, isDenied: Bool = false) {
    self.kind = kind
    self.message = message
    self.isDenied = isDenied
  }

  /// What stays as it is, since programs may depend on it.
  package static func otherVersion(_ path: String, _ error: any Error) -> InstanceError {
    InstanceError(
      .otherVersion,
      "\(path): \(error). Nothing was changed. Use the version of Pup that wrote it, or end its programs with it (pup sweep)")
  }

  package init(_ problem: OwnershipProblem) {
    self.init(problem.kind == .untrusted ? .permission : .configuration, problem.description)
  }

  /// Turns a folder's or file's problem into one of the instance.
  package static func ofFiles<Value: ~Copyable>(_ body: () throws(OwnershipProblem) -> Value) throws(InstanceError) -> Value {
    do throws(OwnershipProblem) { return try body() } catch { throw InstanceError(error) }
  }
}
