extension RecordReader {
  /// Ascending generations, each from 1 up.
  mutating func runs(of id: ProcessID) -> [Run]? {
    guard let count = byte(), count <= Constants.mostRuns else { return nil }
    var runs: [Run] = []
    for _ in 0..<count {
      guard let generation = integer(UInt32.self), generation > runs.last?.key.generation ?? 0, let phase = phase() else {
        return nil
      }
      runs.append(Run(key: RunKey(id: id, generation: generation), phase: phase))
    }
    return runs
  }

  private mutating func phase() -> Run.Phase? {
    switch byte() {
    case 0: return .starting
    case 1:
      guard let pid = integer(Int32.self), let timeoutAt = optionalInstant() else { return nil }
      return .running(pid: pid, timeoutAt: timeoutAt)
    case 2: return stopping()
    case 3:
      guard let status = exit(), let until = instant(), let killAt = instant() else { return nil }
      return .settling(status, until: until, killAt: killAt)
    case 4:
      guard let status = exit(), let wish = optionalActor(), let isKilling = flag(), let killAt = instant() else { return nil }
      return .emptying(status, .init(wish: wish, killAt: killAt, isKilling: isKilling))
    case 5:
      guard let status = exit(), let tellAt = optionalInstant() else { return nil }
      return .kept(status, tellAt: tellAt)
    default: return nil
    }
  }

  private mutating func stopping() -> Run.Phase? {
    guard let pid = optional(Int32.self), let actor = actor(), let stage = byte(), let at = instant(), let killAt = instant()
    else {
      return nil
    }
    switch stage {
    case 0: return .stopping(pid: pid, .init(actor: actor, stage: .grace(until: at), killAt: killAt))
    case 1: return .stopping(pid: pid, .init(actor: actor, stage: .asked(othersAt: at), killAt: killAt))
    case 2: return .stopping(pid: pid, .init(actor: actor, stage: .askedAll, killAt: killAt))
    case 3: return .stopping(pid: pid, .init(actor: actor, stage: .killing(again: at), killAt: killAt))
    default: return nil
    }
  }
}
