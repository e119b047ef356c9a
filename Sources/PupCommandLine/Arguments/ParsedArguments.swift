internal import PupConfig

/// A command line taken apart by a command's options.
struct ParsedArguments {
  private var values: [String: [String]] = [:]
  /// Words that are no options.
  private(set) var positional: [String] = []
  /// What stands behind `--`; nil without it.
  private(set) var rest: [String]?

  init(_ words: [String], options: [OptionSpecification]) throws(UsageError) {
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      if word == "--" {
        rest = Array(words[index...])
        return
      }
      guard word.hasPrefix("-"), word.count > 1 else {
        positional.append(word)
        continue
      }
      try parse(word, following: words, &index, options)
    }
  }

  private static let booleans = ["true": true, "false": false]

  private mutating func parse(
    _ word: String, following words: [String], _ index: inout Int, _ options: [OptionSpecification]
  ) throws(UsageError) {
    var name = word
    var attached: String?
    if word.hasPrefix("--"), let equals = word.firstIndex(of: "=") {
      name = String(word[..<equals])
      attached = String(word[word.index(after: equals)...])
    } else if !word.hasPrefix("--"), word.count > 2 {
      // -n5 is -n 5.
      name = String(word.prefix(2))
      attached = String(word.dropFirst(2))
    }
    guard let option = options.first(where: { "--\($0.name)" == name || $0.short.map { "-\($0)" } == name }) else {
      let nearest = NearestName.find(name, among: options.filter { !$0.isHidden }.map { "--\($0.name)" } + ["--help"])
      throw UsageError(message: "unknown option \(name)\(nearest.map { " (did you mean \($0)?)" } ?? "")")
    }
    guard option.value != nil else {
      var wanted = attached
      if wanted == nil, option.takesBoolean, index < words.count, Self.booleans[words[index]] != nil {
        wanted = words[index]
        index += 1
      }
      guard let isOn = wanted.map({ Self.booleans[$0.lowercased()] }) ?? true else {
        throw UsageError(message: "\(name) takes true or false or no value at all, but '\(wanted ?? "")' is given")
      }
      values[option.name] = isOn ? [""] : nil
      return
    }
    let value: String
    if let attached {
      value = attached
    } else if index < words.count {
      value = words[index]
      index += 1
    } else {
      throw UsageError(message: "\(name) needs a value")
    }
    if !option.repeats, values[option.name] != nil { throw UsageError(message: "\(name) is given twice") }
    values[option.name, default: []].append(value)
  }

  /// Words that name something: those that are no options, and all of them behind `--`.
  var names: [String] { positional + (rest ?? []) }

  func has(_ name: String) -> Bool { values[name] != nil }
  func value(_ name: String) -> String? { values[name]?.last }
  func all(_ name: String) -> [String] { values[name] ?? [] }

  func integer(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
    guard let text = value(name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw UsageError(message: "--\(name) \(text): a whole number from \(range.lowerBound) to \(range.upperBound) is needed")
    }
    return number
  }
}
