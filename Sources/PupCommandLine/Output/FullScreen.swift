internal import Glibc
internal import Synchronization

/// A picture on the whole terminal, as programs like less have it: what was there before comes back, however the command ends,
/// and while it is suspended.
final class FullScreen: Sendable {
  private struct State {
    var isOpen = false
    var keyboard: Keyboard?
  }

  private let state = Mutex(State())

  var readsKeys: Bool { state.withLock { $0.keyboard != nil } }

  func open() {
    state.withLock { state in
      guard !state.isOpen else { return }
      state.isOpen = true
      state.keyboard = Keyboard()
      Self.write("\u{1B}[?1049h\u{1B}[?25l")
    }
  }

  func close() {
    state.withLock { state in
      guard state.isOpen else { return }
      state.isOpen = false
      // First, so that whoever sees the sequence finds the terminal as it was.
      state.keyboard?.restore()
      state.keyboard = nil
      Self.write("\u{1B}[?25h\u{1B}[?1049l")
    }
  }

  /// Ctrl-Z: the shell gets its terminal as it was. Returns when the command goes on.
  func suspend() {
    close()
    // In the background there is no screen to be had.
    repeat { kill(getpid(), SIGSTOP) } while isatty(0) == 1 && tcgetpgrp(0) != getpgrp()
    open()
  }

  /// Each line is overwritten, then the rest is cleared: nothing flickers.
  func draw(_ lines: [ScreenText]) {
    var screen = ScreenText()
    screen.add(control: "\u{1B}[H")
    for (index, line) in lines.enumerated() {
      if index > 0 { screen.add(control: "\u{1B}[K\r\n") }
      screen.add(line)
    }
    screen.add(control: "\u{1B}[K\u{1B}[J")
    // Not into the shell's screen while suspended.
    state.withLock { state in
      if state.isOpen { Terminal.write(screen) }
    }
  }

  private static func write(_ sequence: StaticString) {
    var screen = ScreenText()
    screen.add(control: sequence)
    Terminal.write(screen)
  }
}

/// Work that is shown on a screen, and takes keys.
protocol ScreenWork: Sendable {
  var screen: FullScreen { get }
  /// - Returns: true to end the command.
  func press(_ key: Key) -> Bool
  /// The picture is gone, or the window has another size.
  func redraw()
}
