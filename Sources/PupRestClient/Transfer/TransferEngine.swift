/// Carries out requests on its own thread, which ends when the last reference to the engine is released.
final class TransferEngine: Sendable {
  private let core: EngineCore

  init() { core = EngineCore() }

  deinit { core.stop() }

  /// Cancels everything in progress.
  func stop() { core.stop() }

  /// - Returns: the number by which the transfer can be cancelled.
  @discardableResult
  func start(_ transfer: Transfer) -> UInt64 { core.start(transfer) }

  func cancel(_ number: UInt64) { core.cancel(number) }

  /// The response, or why there is none; cancelled with the task.
  func answer(to request: HTTPRequest) async -> Transfer.Outcome {
    // A request that is already cancelled is not sent at all.
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
