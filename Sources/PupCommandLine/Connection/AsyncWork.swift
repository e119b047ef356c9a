internal import CLinux
internal import Glibc
internal import PupAPI
internal import Synchronization

/// Lets a command, which is synchronous, wait for asynchronous work. Ctrl-C (or SIGTERM, SIGHUP) cancels the work, so that it can end
/// in order; a second one ends the command at once.
enum AsyncWork {
  private static let signals: [Int32] = [SIGINT, SIGTERM, SIGHUP]

  /// - Parameter keepsResult: a signal only makes the work end earlier; what it returns counts.
  /// - Throws: what the work throws; after a signal a failure with the code 128 + its number and without a message.
  static func run<Value: Sendable>(
    keepsResult: Bool = false, _ work: @escaping @Sendable () async throws(PupError) -> Value
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
    while true {
      var ready = [pollfd(fd: done, events: Int16(POLLIN), revents: 0), pollfd(fd: signal, events: Int16(POLLIN), revents: 0)]
      guard poll(&ready, 2, -1) > 0 else { continue }
      if ready[0].revents != 0 { break }
      var info = pup_signal_info()
      guard pup_signal_read(signal, &info) > 0 else { continue }
      if let received { _exit(128 + received) }
      received = info.signal
      task.cancel()
    }
    if let received, !keepsResult { throw CommandFailure(128 + received, "") }
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
