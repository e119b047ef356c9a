/// A child's output streams; raw values are their descriptor numbers in the child.
package enum OutputStream: UInt8, Hashable, Sendable, CaseIterable {
  case standardOutput = 1
  case standardError = 2
}
