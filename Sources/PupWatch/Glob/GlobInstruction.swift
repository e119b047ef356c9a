/// One step of a compiled pattern. A step that takes a character continues with the next step, unless stated otherwise.
enum GlobInstruction: Hashable, Sendable {
  case character(Unicode.Scalar)
  /// `?`
  case anyInName
  case set(GlobSet)
  /// `*`: any number of characters but "/", staying here; or none, moving on.
  case anyRunInName
  /// `**`: any number of characters, staying here; or none, moving on.
  case anyRun
  /// Takes nothing; continues at each of these.
  case split([Int])
  case jump(Int)
  case accept

  /// Whether the step takes the character, and stays.
  func takes(_ scalar: Unicode.Scalar) -> (takes: Bool, stays: Bool) {
    switch self {
    case .character(let wanted): (scalar == wanted, false)
    case .anyInName: (scalar != "/", false)
    case .set(let set): (set.contains(scalar), false)
    case .anyRunInName: (scalar != "/", true)
    case .anyRun: (true, true)
    case .split, .jump, .accept: (false, false)
    }
  }
}
