internal import PupConfig

/// Which command a word that is none is likely to mean.
enum NearestCommand {
  /// Less may be the beginning of anything.
  private static let leastBeginning = 2

  static func find(_ word: String, among commands: [CommandSpecification]) -> String? {
    let names = commands.filter { !$0.isHidden }.map(\.name)
    let beginning = word.lowercased()
    let begun = beginning.count < leastBeginning ? [] : names.filter { $0.hasPrefix(beginning) }
    return begun.count == 1 ? begun[0] : NearestName.find(word, among: names)
  }
}
