/// All positions in a pattern that the characters so far can have led to. Each is held at most once, which is what keeps matching
/// from backtracking.
struct GlobRun {
  private let program: [GlobInstruction]
  private var places: [Int] = []
  private var next: [Int] = []
  /// The step count at which a position was last added.
  private var marks: [Int]
  private var step = 1
  private var pending: [Int] = []

  init(_ program: [GlobInstruction], startingAt start: Int = 0) {
    self.program = program
    marks = [Int](repeating: 0, count: program.count)
    add(start)
    swap(&places, &next)
  }

  var isDead: Bool { places.isEmpty }

  var accepts: Bool { places.contains { program[$0] == .accept } }

  func isAt(anyOf wanted: Set<Int>) -> Bool { places.contains { wanted.contains($0) } }

  mutating func take(_ scalar: Unicode.Scalar) {
    step += 1
    next.removeAll(keepingCapacity: true)
    for place in places {
      let (takes, stays) = program[place].takes(scalar)
      if takes { add(stays ? place : place + 1) }
    }
    swap(&places, &next)
  }

  /// Adds a position and those that can be reached from it without a character.
  private mutating func add(_ start: Int) {
    pending.append(start)
    while let place = pending.popLast() {
      guard marks[place] != step else { continue }
      marks[place] = step
      switch program[place] {
      case .jump(let target): pending.append(target)
      case .split(let targets): pending.append(contentsOf: targets)
      case .anyRun, .anyRunInName:
        next.append(place)
        pending.append(place + 1)
      case .character, .anyInName, .set, .accept: next.append(place)
      }
    }
  }
}
