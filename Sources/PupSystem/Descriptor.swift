internal import CLinux
internal import Glibc
internal import Synchronization

/// An open file descriptor that is closed exactly once: by `close()`, when the last reference is dropped, or never after
/// `take()`.
///
/// It can be shared between threads. A `number` stays valid as long as its reader holds a reference. (A local variable is one
/// until the end of its scope: the optimizer does not release it before calls that it cannot see into, and every system call is
/// one.) Do not close early while others may still use the number, which the next open would give to something else.
package final class Descriptor: Sendable {
  /// -1 once it is closed or taken.
  private let state: Atomic<Int32>

  /// Takes ownership of an open descriptor; a negative number means none.
  package init(_ number: Int32) { state = Atomic(max(number, -1)) }

  /// Takes ownership of what a CLinux call opened.
  /// - Parameter result: the descriptor, or a negative errno.
  package convenience init(_ result: Int32, _ call: @autoclosure () -> String) throws(SystemError) {
    self.init(try check(result, call()))
  }

  deinit { close() }

  /// -1 once it is closed or taken.
  package var number: Int32 { state.load(ordering: .relaxed) }

  package var isOpen: Bool { number >= 0 }

  /// Closes it now, even if others hold a reference. Calling it again does nothing.
  package func close() {
    let number = take()
    // Linux frees the number whatever close(2) returns; data that must be on disk was synced before.
    if number >= 0 { _ = Glibc.close(number) }
  }

  /// Gives up ownership and returns the number, for C code or another owner that closes it.
  package func take() -> Int32 { state.exchange(-1, ordering: .acquiringAndReleasing) }

  /// Another number for the same open file; close-on-exec.
  package func duplicate() throws(SystemError) -> Descriptor { try Descriptor(pup_duplicate(number, 3), "dup") }
}
