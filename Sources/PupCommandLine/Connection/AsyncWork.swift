internal import CLinux
internal import Glibc
internal import PupAPI
internal import Synchronization

/// Lets a command, which is synchronous, wait for asynchronous work. Ctrl-C (or SIGTERM, SIGHUP) cancels the work, so that it can end
/// in order; a second one ends the command at once.
enum AsyncWork {
  private static let signals: [Int32] = [SIGINT, SIGTERM, SIGHUP]

  /// - Parameters:
  ///   - keepsResult: a signal only makes the work end earlier; what it returns counts.
  ///   - endsByKey: the key `q` cancels the work as well, and then the command has succeeded.
  /// - Throws: what the work throws; after a signal a failure with the code 128 + its number and without a message.
  static func run<Value: Sendable>(
    keepsResult: Bool = false, endsByKey: Bool = false, _ work: @escaping @Sendable () async throws(PupError) -> Value
  ) throws(CommandFailure) -> Value {
    let box = ResultBox<Value>()
    let done = pup_event_create()
    // Blocks them; the threads that work is done on inherit that.
    let signal = pup_signal_descriptor(signals, Int32(signals.count))
    guard done >= 0, signal >= 0 else {
      throw CommandFailure(71, "no descriptors are left: \(String(cString: pup_error_text(-min(done, signal))))")
    }
    defer {
      close(done)
      close(signal)
      _ = pup_signal_unblock_all()
    }
    let task = Task.detached {
      do throws(PupError) {
        box.set(.success(try await work()))
      } catch {
        box.set(.failure(error))
      }
      _ = pup_event_raise(done)
    }
    var received: Int32?
    // poll(2) takes no notice of a negative descriptor.
    var keys: Int32 = endsByKey ? 0 : -1
    var hasLeft = false
    while true {
      var ready = [
        pollfd(fd: done, events: Int16(POLLIN), revents: 0), pollfd(fd: signal, events: Int16(POLLIN), revents: 0),
        pollfd(fd: keys, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&ready, 3, -1) > 0 else { continue }
      if ready[0].revents != 0 { break }
      if ready[2].revents != 0 {
        guard let isKey = Keyboard.hasLeft() else {
          keys = -1
          continue
        }
        if isKey {
          hasLeft = true
          task.cancel()
        }
      }
      guard ready[1].revents != 0 else { continue }
      var info = pup_signal_info()
      guard pup_signal_read(signal, &info) > 0 else { continue }
      if let received { _exit(128 + received) }
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
