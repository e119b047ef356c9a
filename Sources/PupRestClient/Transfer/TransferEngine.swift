/// Carries out requests on a thread of its own; the thread ends when the last reference to the engine goes.
final class TransferEngine: Sendable {
  private let core: EngineCore

  init() { core = EngineCore() }

  deinit { core.stop() }

  /// Ends everything that is under way as cancelled.
  func stop() { core.stop() }

  /// - Returns: the number by which the transfer can be cancelled.
  @discardableResult
  func start(_ transfer: Transfer) -> UInt64 { core.start(transfer) }

  func cancel(_ number: UInt64) { core.cancel(number) }

  /// The answer, or why there is none; cancelled with the task.
  func answer(to request: HTTPRequest) async -> Transfer.Outcome {
    // What is not wanted any more is not sent at all.
    if Task.isCancelled { return .failure(TransferFailure(.cancelled, "cancelled")) }
    let ticket = Ticket()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let number = start(Transfer(request) { continuation.resume(returning: $0) })
        if ticket.issue(number) { cancel(number) }
      }
    } onCancel: {
      if let number = ticket.cancel() { cancel(number) }
    }
  }
}
