/// Why bytes written by another process or build are rejected.
package enum FormatError: Error, Hashable, Sendable {
  /// Truncated, damaged, or never written by Pup.
  case malformed
  /// Intact, but in a version that this build must not guess at.
  case otherVersion(format: String, has: FormatVersion, reads: ClosedRange<UInt16>)
  /// A value defined by later builds without a safe interpretation here: `what` it is, and its number.
  case unknown(what: String, value: UInt64)

  /// Damaged bytes may be discarded; bytes written by a later build may not.
  package var isRefusal: Bool { self != .malformed }
}

extension FormatError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformed: "the bytes are truncated or damaged"
    case .otherVersion(let format, let has, let reads):
      "\(format): written in version \(has.written), which needs a reader of version \(has.needed) or later; this build reads "
        + Format.words(reads)
    case .unknown(let what, let value): "\(what) \(value) is unknown to this build"
    }
  }
}
