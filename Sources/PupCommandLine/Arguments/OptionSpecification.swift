/// One option of a command: how it is written, and what `--help` says about it.
struct OptionSpecification: Sendable {
  /// The long name without dashes, under which the value is found.
  var name: String
  var short: Character?
  /// The placeholder of its value ("FILE"); nil for a switch.
  var value: String?
  var help: String
  /// May be given several times.
  var repeats = false
  /// A switch that may be followed by `true` or `false`, as in the original.
  var takesBoolean = false
  /// Understood, and not mentioned.
  var isHidden = false
  /// What its value can be, where that is one of a few.
  var words: [String] = []

  init(
    _ name: String, _ short: Character? = nil, value: String? = nil, repeats: Bool = false, words: [String] = [], help: String
  ) {
    self.name = name
    self.short = short
    self.value = value
    self.repeats = repeats
    self.words = words
    self.help = help
  }

  var synopsis: String {
    let names = (short.map { "-\($0), " } ?? "    ") + "--\(name)"
    return value.map { "\(names) \($0)" } ?? names
  }
}
