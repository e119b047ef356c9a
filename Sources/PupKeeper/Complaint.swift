internal import CLinux
internal import Glibc
internal import PupSystem

/// One line on standard error. The keeper has no log of its own: what matters for a user is told to the brain as well.
func complain(_ message: String) {
  // Somebody may have stopped the terminal (Ctrl-S) or may not read the pipe, and the keeper must not wait for that: a line is
  // written only where there is room for all of it.
  var ready = pollfd(fd: 2, events: Int16(POLLOUT), revents: 0)
  guard poll(&ready, 1, 0) == 1, ready.revents & Int16(POLLOUT) != 0 else { return }
  let text = String(("pup-keeper: " + message).prefix(1000))
  // Names of files are in it.
  var line = (pup_is_terminal(2) ? TerminalText.visible(text) : text) + "\n"
  line.withUTF8 { bytes in
    // Whoever holds the other end may be gone; there is nobody left to tell.
    _ = write(2, bytes.baseAddress, bytes.count)
  }
}
