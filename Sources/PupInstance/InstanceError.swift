/// Why an instance cannot be started (or found), in words for a person, and the exit code of sysexits(3) that fits.
package struct InstanceError: Error, Hashable, Sendable {
  package enum Kind: Int32, Hashable, Sendable {
    /// A file that others can read, a folder that cannot be used.
    case configuration = 65
    /// Running already.
    case unavailable = 69
    /// The machine refused something.
    case system = 71
    /// Somebody else has the right to do it: root, mostly.
    case permission = 77
  }

  package var kind: Kind
  package var message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}
