internal import PupAPI
internal import PupCore
internal import PupSystem

/// Clients that wait for the end of what they have asked for (`?wait=`). Belongs to the control loop.
final class WaitingClients {
  /// At most this many may wait at once.
  private static let limit = 4096

  private let loop: EventLoop
  private var waiters: [Int: Waiter] = [:]
  private var next = 0
  /// Why these processes, some of those that are waited for, take so long, for a client that has waited in vain.
  var explain: (([ProcessID]) -> [String])?

  init(on loop: EventLoop) { self.loop = loop }

  private var me: LoopBound<WaitingClients> { LoopBound(self, to: loop) }

  /// - Parameter answer: called once, on the loop.
  /// - Returns: false where too many wait; nothing is answered then.
  func add(
    _ awaited: [ProcessID: Awaited], seconds: Int, _ answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void
  ) -> Bool {
    guard waiters.count < Self.limit else { return false }
    var waiter = Waiter(awaited, answer)
    let number = next
    next += 1
    waiter.timer = loop.schedule(at: loop.now + Int64(seconds) * 1_000_000_000) { [me] in me { $0.giveUp(number) } }
    waiters[number] = waiter
    return true
  }

  /// The answers to those that wait for an end say this, and no success.
  func noteLeftover(_ text: String) { for number in waiters.keys { waiters[number]?.noteLeftover(text) } }

  /// After each step of the core: a wait ends when its outcome is decided.
  func settle(_ changed: [ProcessID], _ outlook: (ProcessID) -> Outlook?) {
    guard !waiters.isEmpty else { return }
    for id in changed {
      let outlook = outlook(id)
      for number in waiters.keys { waiters[number]?.note(id, outlook) }
    }
    for (number, waiter) in waiters where waiter.open.isEmpty {
      waiters[number] = nil
      if let timer = waiter.timer { loop.cancel(timer) }
      waiter.answer(waiter.result)
    }
  }

  /// This brain makes way for another one, which does not know who waits.
  func giveUp() { for number in waiters.keys { giveUp(number) } }

  private func giveUp(_ number: Int) {
    guard let waiter = waiters.removeValue(forKey: number) else { return }
    if let timer = waiter.timer { loop.cancel(timer) }
    let reasons = explain?(Array(waiter.open.keys.sorted().prefix(5))) ?? []
    waiter.answer(.success(ActionResult(.pending, message: reasons.joined(separator: "; "))))
  }
}
