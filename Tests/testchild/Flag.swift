/// One flag: its name, the names of its values, what it is for, and what it sets.
struct Flag {
  let name: String
  let values: String
  let text: String
  let apply: (inout Options, inout ArgumentReader) throws -> Void

  init(_ name: String, _ text: String, apply: @escaping (inout Options, inout ArgumentReader) throws -> Void) {
    self.init(name, "", text, apply: apply)
  }

  init(
    _ name: String, _ values: String, _ text: String, apply: @escaping (inout Options, inout ArgumentReader) throws -> Void
  ) {
    self.name = name
    self.values = values
    self.text = text
    self.apply = apply
  }

  static var all: [Flag] { ending + signals + descendants + network + reports + deeds + spewing }

  static var help: String {
    let column = 34
    let lines = all.map { flag in
      let head = "  \(flag.name) \(flag.values)"
      let gap = String(repeating: " ", count: max(1, column - head.count))
      return "\(head)\(gap)\(flag.text)\n"
    }
    return
      "testchild [flags]: a program for tests; flags combine, and are done in this order: signals, descendants, reports, small\n"
      + "deeds, lines, waiting, end. Without a flag it exits with 0 at once.\n" + lines.joined()
  }
}

extension Options {
  init(_ arguments: ArraySlice<String>) throws {
    self.init()
    var reader = ArgumentReader(arguments)
    let flags = Dictionary(Flag.all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    while let name = reader.nextFlag() {
      guard let flag = flags[name] else { throw Failure.usage("unknown flag \(name); --help lists them") }
      try flag.apply(&self, &reader)
    }
  }
}
