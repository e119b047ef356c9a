internal import PupSystem

/// Lets whoever asks wait for a measurement that another thread makes, but not for ever: reading files of /proc may hang with the
/// process that they are about. Belongs to its loop.
final class PatientMeasurement {
  private let loop: EventLoop
  private let patience: Int64
  private var waiting: [@Sendable () -> Void] = []
  private var timer: Timer?
  private var isUnderWay = false
  /// It has taken longer than anybody waits.
  private(set) var isLate = false
  /// Called when one begins to be late.
  var onLate: (() -> Void)?

  /// - Parameter patience: nanoseconds.
  init(on loop: EventLoop, patience: Int64 = 500_000_000) {
    self.loop = loop
    self.patience = patience
  }

  /// Calls `body` when the measurement is there, or after a while without it. While one hangs, nobody waits, and none is begun.
  /// - Parameter begin: begins one; call `finish` when it has ended.
  func wait(_ body: @escaping @Sendable () -> Void, begin: () -> Void) {
    guard !isLate else { return body() }
    waiting.append(body)
    guard !isUnderWay else { return }
    isUnderWay = true
    let me = LoopBound(self, to: loop)
    timer = loop.schedule(at: loop.now + patience) { me { $0.giveUp() } }
    begin()
  }

  /// The measurement is there.
  func finish() {
    if let timer { loop.cancel(timer) }
    timer = nil
    isUnderWay = false
    isLate = false
    release()
  }

  private func giveUp() {
    timer = nil
    isLate = true
    onLate?()
    release()
  }

  private func release() {
    let bodies = waiting
    waiting = []
    for body in bodies { body() }
  }
}
