internal import CLinux
internal import Glibc
internal import PupAPI
internal import PupSystem
internal import Synchronization

/// Lets a command, which is synchronous, wait for asynchronous work. Ctrl-C (or SIGTERM, SIGHUP) cancels the work, so that it can
/// end in order; a second one ends the command at once.
enum AsyncWork {
  private static let signals: [Int32] = [SIGINT, SIGTERM, SIGHUP]
  /// What would leave a screen on the terminal, and what changes it.
  private static let signalsOfScreens: [Int32] = [SIGQUIT, SIGTSTP, SIGWINCH]

  /// - Parameters:
  ///   - keepsResult: a signal only makes the work end earlier; what it returns counts.
  ///   - display: its screen is open while the work is done; a key may cancel the work as well, and then the command has
  /// succeeded.
  /// - Throws: what the work throws; after a signal a failure with the code 128 + its number and without a message.
  static func run<Value: Sendable>(
    keepsResult: Bool = false, display: (any ScreenWork)? = nil, _ work: @escaping @Sendable () async throws(PupError) -> Value
  ) throws(CommandFailure) -> Value {
    let box = ResultBox<Value>()
    // Blocks them; the threads that work is done on inherit that.
    let screen = display?.screen
    let awaited = signals + (screen == nil ? [] : signalsOfScreens)
    let (done, signal): (Descriptor, Descriptor)
    do throws(SystemError) {
      done = try Descriptor(pup_event_create(), "eventfd")
      signal = try Descriptor(pup_signal_descriptor(awaited, Int32(awaited.count)), "signalfd")
    } catch {
      throw CommandFailure(71, "no descriptors are left: \(error)")
    }
    // It fails for no set of signals.
    defer { _ = pup_signal_unblock_all() }
    screen?.open()
    defer { screen?.close() }
    let task = Task.detached {
      do throws(PupError) {
        box.set(.success(try await work()))
      } catch {
        box.set(.failure(error))
      }
      // It fails only where the counter is full already.
      _ = pup_event_raise(done.number)
    }
    var received: Int32?
    // poll(2) takes no notice of a negative descriptor.
    var keys: Int32 = screen?.readsKeys == true ? 0 : -1
    var hasLeft = false
    while true {
      var ready = [
        pollfd(fd: done.number, events: Int16(POLLIN), revents: 0), pollfd(fd: signal.number, events: Int16(POLLIN), revents: 0),
        pollfd(fd: keys, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&ready, 3, -1) > 0 else { continue }
      if ready[0].revents != 0 { break }
      if ready[2].revents != 0 {
        guard let display, let typed = Keyboard.read() else {
          keys = -1
          continue
        }
        // All of them: two strokes that came together are two.
        if typed.reduce(false, { display.press($1) || $0 }) {
          hasLeft = true
          task.cancel()
        }
      }
      guard ready[1].revents != 0 else { continue }
      var info = pup_signal_info()
      guard pup_signal_read(signal.number, &info) > 0 else { continue }
      if info.signal == SIGTSTP || info.signal == SIGWINCH {
        if info.signal == SIGTSTP { screen?.suspend() }
        display?.redraw()
        continue
      }
      if let received {
        screen?.close()
        _exit(128 + received)
      }
      received = info.signal
      task.cancel()
    }
    if let received, !keepsResult { throw CommandFailure(128 + received, "") }
    if hasLeft { throw CommandFailure(0, "") }
    switch box.value {
    case .success(let value): return value
    case .failure(let error): throw CommandFailure(error)
    case nil: throw CommandFailure(70, "the work ended without a result")
    }
  }
}

private final class ResultBox<Value: Sendable>: Sendable {
  private let state = Mutex<Result<Value, PupError>?>(nil)

  var value: Result<Value, PupError>? { state.withLock { $0 } }
  func set(_ result: Result<Value, PupError>) { state.withLock { $0 = result } }
}
