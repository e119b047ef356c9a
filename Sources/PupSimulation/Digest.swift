internal import PupCore

/// A fingerprint of everything that happened: the same seed must give the same one, in every process and on every machine.
struct Digest {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ number: Int64) { value = (value ^ UInt64(bitPattern: number)) &* 0x100_0000_01B3 }

  mutating func add(_ effect: Effect) {
    switch effect {
    case .spawn(let key, _): add(1, key)
    case .signal(let key, let number, let scope):
      add(2, key)
      add(Int64(number) << 8 | Int64(scope.rawValue))
    case .release(let key): add(3, key)
    case .log(_, _, _, let text), .logChange(_, _, _, let text): add(4 << 32 | Int64(text.utf8.count))
    case .refused(_, let refusal): add(4 << 32 | Int64(refusal.words.utf8.count))
    case .event(.stateChanged(_, let new, _, _)): add(5 << 32 | Int64(new.rawValue))
    case .event(.scheduled(let next, _)), .event(.terminateScheduled(let next, _)): add(next.microseconds)
    case .event(.watchTriggered): add(6)
    case .event(.flagChanged(let status, _)): add(9 << 32 | Int64(status.state.rawValue))
    case .answer(let number, _): add(7 << 32 | Int64(truncatingIfNeeded: number))
    case .allStopped: add(8)
    }
  }

  private mutating func add(_ kind: Int64, _ key: RunKey) { add(kind << 32 | Int64(key.generation)) }
}
