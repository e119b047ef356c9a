internal import Glibc

/// A file descriptor that is closed exactly once: when its owner goes, or never if it was taken out.
package struct OwnedDescriptor: ~Copyable, Sendable {
  package let number: Int32

  package init(_ number: Int32) { self.number = number }

  deinit { close(number) }

  /// Gives the descriptor away; the caller closes it.
  package consuming func take() -> Int32 {
    let number = number
    discard self
    return number
  }
}
