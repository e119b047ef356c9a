/// What one run used, as the kernel reported at its end (`getrusage(2)`, the leader and the children it has waited for).
package struct ResourceUsage: Hashable, Sendable {
  package var userMicroseconds: Int64
  package var systemMicroseconds: Int64
  /// The largest resident set, in bytes.
  package var peakBytes: Int64

  package init(userMicroseconds: Int64, systemMicroseconds: Int64, peakBytes: Int64) {
    self.userMicroseconds = userMicroseconds
    self.systemMicroseconds = systemMicroseconds
    self.peakBytes = peakBytes
  }
}
