internal import PupBasics

extension RecordReader {
  /// Runs with ascending generations, starting at 1 or above.
  mutating func runs(of id: ProcessID) throws(FormatError) -> [Run] {
    let count = try byte()
    guard count <= ProcessPolicy.mostRuns else { throw .malformed }
    var runs: [Run] = []
    for _ in 0..<count {
      let run = try part { (reader) throws(FormatError) in
        Run(key: RunKey(id: id, generation: try reader.integer()), phase: try reader.phase())
      }
      guard run.key.generation > runs.last?.key.generation ?? 0 else { throw .malformed }
      runs.append(run)
    }
    return runs
  }

  private mutating func phase() throws(FormatError) -> Run.Phase {
    let tag = try byte()
    switch tag {
    case 0: return .starting
    case 1: return .running(pid: try integer(), timeoutAt: try optionalInstant())
    case 2: return try stopping()
    case 3: return .settling(try exit(), until: try instant(), killAt: try instant())
    case 4:
      let (status, wish) = (try exit(), try optionalActor())
      let (isKilling, isBackground) = (try flag(), try flag())
      return .emptying(
        status, .init(wish: wish, killAt: try instant(), isKilling: isKilling, isBackground: isBackground))
    case 5: return .kept(try exit(), tellAt: try optionalInstant())
    default: throw .unknown(what: "phase of a run", value: UInt64(tag))
    }
  }

  private mutating func stopping() throws(FormatError) -> Run.Phase {
    let (pid, actor) = (try optional(Int32.self), try actor())
    let (stage, at, killAt) = (try byte(), try instant(), try instant())
    switch stage {
    case 0: return .stopping(pid: pid, .init(actor: actor, stage: .grace(until: at), killAt: killAt))
    case 1: return .stopping(pid: pid, .init(actor: actor, stage: .asked(othersAt: at), killAt: killAt))
    case 2: return .stopping(pid: pid, .init(actor: actor, stage: .askedAll, killAt: killAt))
    case 3: return .stopping(pid: pid, .init(actor: actor, stage: .killing(again: at), killAt: killAt))
    default: throw .unknown(what: "stage of a stop", value: UInt64(stage))
    }
  }
}
