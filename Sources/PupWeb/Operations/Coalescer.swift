/// Lets requests that come while a question is under way share the next answer. None gets an answer that is older than the
/// request. Belongs to the loop's thread.
final class Coalescer<Value: Sendable>: @unchecked Sendable {
  typealias Receiver = (Value) -> Void

  private let ask: (@escaping @Sendable (Value) -> Void) -> Void
  private let post: @Sendable (@escaping @Sendable () -> Void) -> Void
  private var asking: [Receiver] = []
  private var waiting: [Receiver] = []

  /// - Parameter post: runs a closure on the loop.
  init(
    post: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
    ask: @escaping (@escaping @Sendable (Value) -> Void) -> Void
  ) {
    self.post = post
    self.ask = ask
  }

  func get(_ receive: @escaping Receiver) {
    waiting.append(receive)
    if asking.isEmpty { next() }
  }

  private func next() {
    guard !waiting.isEmpty else { return }
    asking = waiting
    waiting = []
    ask { value in
      self.post {
        let receivers = self.asking
        self.asking = []
        self.next()
        for receive in receivers { receive(value) }
      }
    }
  }
}
