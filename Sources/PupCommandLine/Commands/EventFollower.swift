internal import PupAPI
internal import PupInstance
internal import PupRestClient
internal import PupSystem
internal import Synchronization

/// `pup monitor` at work: prints what comes, tells of breaks, and ends with Pup.
struct EventFollower: Sendable {
  let instance: Instance
  let location: Location
  let filter: MonitorCommand.Filter
  let output: EventOutput

  private static let refreshSeconds = 30

  /// Until the task is cancelled, nobody reads any more, or Pup has ended.
  /// - Returns: why it ended, where Pup did not end in order.
  func run() async -> CommandFailure? {
    let isDown = Flag()
    let reader = Task { await read(isDown) }
    let clock = Task {
      var second = 0
      while !Task.isCancelled {
        try await Task.sleep(for: .seconds(1))
        second += 1
        if second % Self.refreshSeconds == 0 { instance.refreshToken() }
        // Where connecting fails in the same way again and again, the stream has nothing new to tell.
        if isDown.value, hasEnded { return reader.cancel() }
      }
    }
    await withTaskCancellationHandler {
      await reader.value
    } onCancel: {
      reader.cancel()
    }
    clock.cancel()
    guard isDown.value, !Task.isCancelled, hasEnded else { return nil }
    return Instance.farewell(location)
  }

  private var hasEnded: Bool { InstanceLock.runningPid(instance.paths) == nil }

  private func read(_ isDown: Flag) async {
    // The server said that it ends the stream: no accident, and nothing to tell.
    var isOrderly = false
    var isTold = false
    var output = output
    for await event in instance.client.events(filter.types) where filter.wants(event) {
      if output.format != .json, filter.isToldTwice(event) { continue }
      switch event {
      case .disconnected(let error):
        isDown.value = true
        if error == PupRestClient.streamClosed { isOrderly = true }
        if hasEnded { return }
        if !isOrderly, !isTold {
          isTold = true
          Terminal.complain(Self.words(error))
        }
      case .connected:
        if isTold { Terminal.complain("pup: connected again") }
        (isOrderly, isTold, isDown.value) = (false, false, false)
      default: break
      }
      guard let line = output.line(event, now: ISODate(microseconds: Clock.wallMicroseconds)) else { continue }
      let isRead = output.format == .raw ? Terminal.write(raw: line.bytes) : Terminal.write(line)
      if !isRead { return }
    }
  }

  /// What broke in which layer is nothing that a person could act on; a refusal is.
  static func words(_ error: PupError) -> String {
    switch error.code {
    case .notReachable, .timedOut, .unavailable: "pup: the connection to Pup broke; connecting again"
    default: "pup: the stream is interrupted (\(error.message)); connecting again"
    }
  }
}

/// Shared by two tasks.
private final class Flag: Sendable {
  private let state = Mutex(false)

  var value: Bool {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }
}
