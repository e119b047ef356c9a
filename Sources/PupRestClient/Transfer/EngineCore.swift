internal import CCurl
internal import Glibc
internal import Synchronization

/// The state that the engine's thread works on.
final class EngineCore: @unchecked Sendable {
  private enum Command {
    case start(UInt64, Transfer)
    case cancel(UInt64)
  }

  private struct State {
    var commands: [Command] = []
    var active = 0
    var next: UInt64 = 1
    var hasThread = false
    var isStopped = false
  }

  /// The maximum number of concurrent requests; more are refused.
  private static let most = 1024
  /// The number of connections kept for later requests.
  private static let kept = 8
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  private let state = Mutex(State())
  /// Nil if libcurl is out of memory. Freed by the thread, or here if no thread was ever started.
  private let multi: UnsafeMutableRawPointer?
  /// Used only on the thread.
  private var transfers: [UInt64: Transfer] = [:]
  private var numbers: [UnsafeMutableRawPointer: UInt64] = [:]

  init() {
    multi = Self.isReady ? curl_multi_init() : nil
    if let multi { _ = pup_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.kept) }
  }

  deinit {
    if let multi { curl_multi_cleanup(multi) }
  }

  // MARK: From any thread

  func start(_ transfer: Transfer) -> UInt64 {
    let (number, refusal) = state.withLock { state -> (UInt64, TransferFailure?) in
      guard let multi else { return (0, TransferFailure(.unusable, "libcurl cannot be initialized")) }
      if state.isStopped { return (0, TransferFailure(.cancelled, "the client is closed")) }
      guard state.active < Self.most else {
        return (
          0, TransferFailure(.overloaded, "\(Self.most) requests of this client are in progress; wait for some of them to finish")
        )
      }
      if !state.hasThread {
        guard startThread() else { return (0, TransferFailure(.overloaded, "a thread cannot be started")) }
        state.hasThread = true
      }
      let number = state.next
      state.next += 1
      state.active += 1
      state.commands.append(.start(number, transfer))
      curl_multi_wakeup(multi)
      return (number, nil)
    }
    if let refusal { transfer.end(.failure(refusal)) }
    return number
  }

  func cancel(_ number: UInt64) {
    state.withLock { state in
      guard let multi, state.hasThread, !state.isStopped else { return }
      state.commands.append(.cancel(number))
      curl_multi_wakeup(multi)
    }
  }

  func stop() {
    state.withLock { state in
      guard !state.isStopped else { return }
      state.isStopped = true
      if let multi, state.hasThread { curl_multi_wakeup(multi) }
    }
  }

  // MARK: The thread

  private func startThread() -> Bool {
    var thread = pthread_t()
    let box = Unmanaged.passRetained(self)
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        // Signals are for the program's own threads; TLS could raise SIGPIPE.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        Unmanaged<EngineCore>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    guard code == 0 else {
      box.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  private func run() {
    guard let multi else { return }
    while true {
      let (commands, isStopped) = state.withLock { state in
        let taken = state.commands
        state.commands = []
        return (taken, state.isStopped)
      }
      for command in commands { perform(command, multi) }
      if isStopped { break }
      var running: Int32 = 0
      curl_multi_perform(multi, &running)
      var easy: UnsafeMutableRawPointer?
      var result = CURLE_OK
      while pup_curl_multi_next(multi, &easy, &result) == 1 {
        guard let easy, let number = numbers[easy] else { continue }
        remove(number, multi) { $0.ended(result) }
      }
      curl_multi_poll(multi, nil, 0, giveUpSilent(multi), nil)
    }
    for number in transfers.keys.sorted() {
      remove(number, multi) { $0.end(.failure(TransferFailure(.cancelled, "the client is closed"))) }
    }
  }

  /// Ends streams that are silent. (libcurl's own limit is a coarse average over several seconds.)
  /// - Returns: milliseconds until the next one may be due.
  private func giveUpSilent(_ multi: UnsafeMutableRawPointer) -> Int32 {
    var longest = Duration.seconds(60)
    let now = ContinuousClock.now
    for (number, transfer) in transfers {
      guard let end = transfer.silenceEnds else { continue }
      if end > now {
        longest = min(longest, end - now)
      } else {
        remove(number, multi) { $0.end(.failure(TransferFailure(.timedOut, "the stream has been silent for too long"))) }
      }
    }
    let (seconds, attoseconds) = longest.components
    return Int32(seconds * 1000 + attoseconds / 1_000_000_000_000_000) + 1
  }

  private func perform(_ command: Command, _ multi: UnsafeMutableRawPointer) {
    switch command {
    case .start(let number, let transfer):
      transfers[number] = transfer
      guard let easy = transfer.prepare(), curl_multi_add_handle(multi, easy) == CURLM_OK else {
        return remove(number, multi) { $0.end(.failure(TransferFailure(.unusable, "libcurl rejects the request"))) }
      }
      numbers[easy] = number
    case .cancel(let number): remove(number, multi) { $0.end(.failure(TransferFailure(.cancelled, "cancelled"))) }
    }
  }

  private func remove(_ number: UInt64, _ multi: UnsafeMutableRawPointer, then end: (Transfer) -> Void) {
    guard let transfer = transfers.removeValue(forKey: number) else { return }
    if let easy = transfer.easy, numbers.removeValue(forKey: easy) != nil { curl_multi_remove_handle(multi, easy) }
    state.withLock { $0.active -= 1 }
    end(transfer)
  }
}
