/// A process that lives and does not go on: somebody has stopped it, or a debugger holds it.
package enum ProcessHold: Equatable, Sendable {
  case stopped
  /// By this process; 0 where that cannot be seen.
  case traced(by: Int32)

  /// Nil for one that goes on, or is gone.
  package init?(of pid: Int32) {
    guard let state = ProcFiles.stat(of: pid)?.state else { return nil }
    switch state {
    case UInt8(ascii: "T"): self = .stopped
    case UInt8(ascii: "t"): self = .traced(by: ProcFiles.tracer(of: pid) ?? 0)
    default: return nil
    }
  }

  /// "is stopped (state T); let it go on: kill -CONT 4711"
  package func words(_ pid: Int32) -> String {
    switch self {
    case .stopped: "is stopped (state T); let it go on: kill -CONT \(pid)"
    case .traced(0): "is held by a debugger (state t); let that one detach"
    case .traced(let tracer): "is held by a debugger (state t; pid \(tracer), \(ProcFiles.name(of: tracer))); let that one detach"
    }
  }

  /// What that means where it is the keeper; nil while it goes on.
  package static func ofKeeper(_ pid: Int32) -> String? {
    ProcessHold(of: pid).map {
      "Pup's keeper (pid \(pid)) \($0.words(pid)). Until then nothing is started, and no end of a process is noticed"
    }
  }
}
