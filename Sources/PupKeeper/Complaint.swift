internal import Glibc

/// One line on standard error. The keeper has no log of its own: what matters for a user is told to the brain as well.
func complain(_ message: String) {
  let line = "pup-keeper: \(message)\n"
  var text = line
  text.withUTF8 { bytes in
    // Whoever holds the other end may be gone; there is nobody left to tell.
    _ = write(2, bytes.baseAddress, bytes.count)
  }
}
