extension KeeperArguments {
  package struct Invalid: Error, Hashable {
    package var message: String
  }

  /// Each is followed by its value. They are part of the format between builds: a keeper of another version reads them.
  package enum Option: String, CaseIterable, Sendable {
    case instance = "--instance"
    case state = "--state"
    case streams = "--streams"
    case sinks = "--sinks"
    case lock = "--lock"
    case rows = "--rows"
    case keeperExecutable = "--keeper"
    case brainExecutable = "--brain"
    case initExecutable = "--init"
    case programs = "--programs"
    case runtime = "--runtime"
    case pointer = "--pointer"
    case cgroupBase = "--cgroup"
    case openFiles = "--open-files"
    case brainPid = "--brain-pid"
    case control = "--control"
    case logs = "--logs"
    case resume = "--resume"
    case check = "--check"
  }

  private enum Place {
    case text(WritableKeyPath<KeeperArguments, String>)
    case number(WritableKeyPath<KeeperArguments, Int32>)
    case count(WritableKeyPath<KeeperArguments, Int>)
  }

  /// Reading and writing use this one table.
  private static func place(of option: Option) -> Place {
    switch option {
    case .instance: .number(\.instance)
    case .state: .number(\.state)
    case .streams: .number(\.streams)
    case .sinks: .number(\.sinks)
    case .lock: .number(\.lock)
    case .rows: .count(\.rows)
    case .keeperExecutable: .number(\.keeperExecutable)
    case .brainExecutable: .number(\.brainExecutable)
    case .initExecutable: .number(\.initExecutable)
    case .programs: .text(\.programs)
    case .runtime: .text(\.runtime)
    case .pointer: .text(\.pointer)
    case .cgroupBase: .text(\.cgroupBase)
    case .openFiles: .count(\.openFiles)
    case .brainPid: .number(\.brainPid)
    case .control: .number(\.control)
    case .logs: .number(\.logs)
    case .resume: .number(\.resume)
    case .check: .number(\.check)
    }
  }

  // MARK: - Reading

  package init(_ words: [String]) throws(Invalid) {
    self.init()
    var rest = words.dropFirst()
    while let word = rest.popFirst() {
      guard let value = rest.popFirst() else { throw Invalid(message: "\(word) needs a value") }
      if let option = Option(rawValue: word) {
        guard set(option, value) else { throw Invalid(message: "\(word) \(value): not a number") }
      } else if !word.hasPrefix(Self.optionalPrefix) {
        throw Invalid(message: "unknown argument \(word)")
      }
    }
  }

  /// From a later version, if a keeper that does not know it still does its job.
  static let optionalPrefix = "--optional-"

  private mutating func set(_ option: Option, _ value: String) -> Bool {
    let number = Int32(value).flatMap { $0 >= 0 ? $0 : nil }
    switch (Self.place(of: option), number) {
    case (.text(let place), _): self[keyPath: place] = value
    case (.number(let place), let number?): self[keyPath: place] = number
    case (.count(let place), let number?): self[keyPath: place] = Int(number)
    case (.number, nil), (.count, nil): return false
    }
    return true
  }

  /// One value from the command line of a running keeper, whatever its version.
  package static func value(_ option: Option, in words: [String]) -> String? {
    var rest = words.dropFirst()
    while let word = rest.popFirst(), let value = rest.popFirst() {
      if word == option.rawValue { return value }
    }
    return nil
  }

  // MARK: - Writing

  /// The whole command line; `init(_:)` reads it back. Defaults are omitted.
  package var words: [String] {
    let empty = Self()
    return Option.allCases.reduce(into: [Self.program]) { words, option in
      switch Self.place(of: option) {
      case .text(let place):
        if self[keyPath: place] != empty[keyPath: place] { words += [option.rawValue, self[keyPath: place]] }
      case .number(let place): if self[keyPath: place] >= 0 { words += [option.rawValue, "\(self[keyPath: place])"] }
      case .count(let place): if self[keyPath: place] > 0 { words += [option.rawValue, "\(self[keyPath: place])"] }
      }
    }
  }
}
