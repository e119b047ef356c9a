/// A process that is alive but suspended: it was stopped, or a debugger holds it.
package enum ProcessHold: Equatable, Sendable {
  case stopped
  /// By this process; 0 if that is not visible.
  case traced(by: Int32)

  /// Nil for one that is running, or gone.
  package init?(of pid: Int32) {
    guard let state = ProcFiles.stat(of: pid)?.state else { return nil }
    switch state {
    case UInt8(ascii: "T"): self = .stopped
    case UInt8(ascii: "t"): self = .traced(by: ProcFiles.tracer(of: pid) ?? 0)
    default: return nil
    }
  }

  /// "is stopped (state T); resume it: kill -CONT 4711"
  package func words(_ pid: Int32) -> String {
    switch self {
    case .stopped: "is stopped (state T); resume it: kill -CONT \(pid)"
    case .traced(0): "is held by a debugger (state t); detach it"
    case .traced(let tracer): "is held by a debugger (state t; pid \(tracer), \(ProcFiles.name(of: tracer))); detach it"
    }
  }

  /// What that means if it is the keeper; nil while it is running.
  package static func ofKeeper(_ pid: Int32) -> String? {
    ProcessHold(of: pid).map {
      "Pup's keeper (pid \(pid)) \($0.words(pid)). Until then nothing is started, and no exit of a process is noticed"
    }
  }
}
