/// One run of a process, from the request to spawn it until its tree is empty.
struct Run: Hashable, Sendable {
  enum Phase: Hashable, Sendable {
    /// Requested; the reply has not arrived.
    case starting
    case running(pid: Int32, timeoutAt: Instant?)
    /// A stop was requested and the leader is alive as far as is known. Without a pid, there has been no reply to the spawn yet.
    case stopping(pid: Int32?, Stop)
    /// The leader ended by itself; the rest of its tree may be about to end.
    case settling(ExitStatus, until: Instant, killAt: Instant)
    /// The leader is gone and the rest of its tree is being stopped.
    case emptying(ExitStatus, Emptying)
    /// The leader ended by itself and its leftovers are kept. `tellAt` is set until that has been reported.
    case kept(ExitStatus, tellAt: Instant?)
  }

  struct Stop: Hashable, Sendable {
    enum Stage: Hashable, Sendable {
      /// The program may finish by itself.
      case grace(until: Instant)
      /// SIGTERM went to the group.
      case asked(othersAt: Instant)
      /// SIGTERM went to the whole tree.
      case askedAll
      case killing(again: Instant)
    }

    var actor: Cause
    var stage: Stage
    var killAt: Instant
  }

  struct Emptying: Hashable, Sendable {
    /// Who requested the stop that ended the leader; nil if it ended by itself.
    var wish: Cause?
    /// The time of the first SIGKILL or, after that, of the next one.
    var killAt: Instant
    var isKilling: Bool
    /// The leader ended successfully so soon after its start that it must have gone into the background.
    var isBackground = false
  }

  let key: RunKey
  var phase: Phase

  init(key: RunKey, phase: Phase = .starting) {
    self.key = key
    self.phase = phase
  }
}

/// How a run ended, once nothing is left of it (or its leftovers are kept).
struct RunEnd: Hashable, Sendable {
  var exit: ExitStatus
  /// Who requested the stop.
  var wish: Cause?
  /// Why it never executed.
  var failure: String?
  /// … and that was a shortage of a resource that may soon be available again.
  var isShortage = false
  /// It left processes behind and ended successfully so soon after its start that this was intended: a daemon.
  var wentToBackground = false

  /// A requested stop counts as finished, whatever the exit code.
  var isError: Bool {
    if wish != nil { return false }
    return failure != nil || exit != .exited(code: 0)
  }

  var category: LogCategory { isError ? .errored : .finished }
}

extension Run {
  /// The leader is dying or dead.
  var isEnding: Bool {
    switch phase {
    case .starting, .running: false
    case .stopping, .settling, .emptying, .kept: true
    }
  }

  /// The request to spawn has not been answered.
  var isUnanswered: Bool {
    switch phase {
    case .starting, .stopping(pid: nil, _): true
    case .running, .stopping, .settling, .emptying, .kept: false
    }
  }

  var shownState: ProcessState {
    switch phase {
    case .starting: .starting
    case .running, .settling: .running
    case .stopping, .emptying: .stopping
    case .kept: .finished
    }
  }

  var pid: Int32? {
    switch phase {
    case .running(let pid, _), .stopping(let pid?, _): pid
    case .starting, .stopping, .settling, .emptying, .kept: nil
    }
  }

  var wish: Cause? {
    switch phase {
    case .stopping(_, let stop): stop.actor
    case .emptying(_, let emptying): emptying.wish
    case .starting, .running, .settling, .kept: nil
    }
  }

  var deadline: Instant? {
    switch phase {
    case .starting: nil
    case .running(_, let timeoutAt): timeoutAt
    case .stopping(_, let stop):
      switch stop.stage {
      case .grace(let until): min(until, stop.killAt)
      case .asked(let othersAt): min(othersAt, stop.killAt)
      case .askedAll: stop.killAt
      case .killing(let again): again
      }
    case .settling(_, let until, _): until
    case .emptying(_, let emptying): emptying.killAt
    case .kept(_, let tellAt): tellAt
    }
  }
}
