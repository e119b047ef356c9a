internal import PupCore
internal import PupSystem

/// Wakes the core when one of its deadlines has come, or when somebody has set the clock. Belongs to its loop.
final class DeadlineAlarm {
  private let loop: EventLoop
  private var timer: Timer?
  private var armed = Deadlines()
  /// What the core is to be told.
  var onDue: (Input) -> Void = { _ in }

  init(on loop: EventLoop) { self.loop = loop }

  private var me: LoopBound<DeadlineAlarm> { LoopBound(self, to: loop) }

  func arm(_ next: Deadlines) {
    if next.boot != armed.boot {
      if let timer { loop.cancel(timer) }
      timer = next.boot.map { deadline in
        loop.schedule(at: deadline.nanoseconds) { [me] in
          me {
            $0.armed.boot = nil
            $0.onDue(.deadlineReached)
          }
        }
      }
    }
    if next.wall != armed.wall { loop.setWallDeadline(next.wall?.microseconds) }
    armed = next
  }

  func watchWallClock() {
    loop.onWallClock { [me] wasSet in
      me {
        $0.armed.wall = nil
        $0.onDue(wasSet ? .wallClockChanged : .deadlineReached)
      }
    }
    armed.wall = nil
  }
}
