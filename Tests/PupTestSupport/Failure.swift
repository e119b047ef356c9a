internal import Glibc

/// What a test waited for in vain, or could not do.
package struct Failure: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }

  /// A system call that failed.
  package init(_ call: String, code: Int32) { description = "\(call): \(String(cString: strerror(code)))" }
}
