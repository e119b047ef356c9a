internal import PupBasics

/// The extensions of a process's source files, as far as its command reveals them: someone who watches `src` for `python3
/// src/app.py` means the Python files in it.
enum SourceExtensions {
  /// Extensions of scripts that no worker interpreter runs.
  private static let further: Set<String> = [
    "awk", "dart", "ex", "exs", "fish", "go", "groovy", "jl", "kts", "pyw", "r", "rs", "swift", "tcl", "zsh",
  ]

  /// Programs that locate their own source files (`python3 -m app`, `cargo run`).
  private static let languages: [String: [String]] = [
    "python": ["py"], "pypy": ["py"], "uvicorn": ["py"], "gunicorn": ["py"], "hypercorn": ["py"], "flask": ["py"],
    "celery": ["py"],
    "ruby": ["rb"], "bundle": ["rb"], "rails": ["rb"], "puma": ["rb"], "php": ["php"], "perl": ["pl", "pm"], "lua": ["lua"],
    "go": ["go"], "cargo": ["rs"], "elixir": ["ex", "exs"], "mix": ["ex", "exs"], "julia": ["jl"],
  ]

  static func of(_ program: ProcessProgram) -> [String] {
    var found: [String] = []
    for word in words(of: program) {
      let name = PathText.name(of: word)
      let more = scriptExtension(of: name).map { [$0] } ?? languages[withoutVersion(name)] ?? []
      found += more.filter { !found.contains($0) }
    }
    return found
  }

  /// Approximate for commands: shell expansion does not matter here.
  private static func words(of program: ProcessProgram) -> [String] {
    switch program {
    case .worker(let words): Array(words.prefix(1))
    case .command(let text): text.split { " \t\n;&|()<>'\"`=".contains($0) }.map(String.init)
    }
  }

  /// As written: extensions are compared exactly.
  private static func scriptExtension(of name: String) -> String? {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
    let ending = String(name[name.index(after: dot)...])
    return Interpreter.extensions.contains(ending.lowercased()) || further.contains(ending.lowercased()) ? ending : nil
  }

  /// "python3.11" becomes "python".
  private static func withoutVersion(_ name: String) -> String {
    var name = Substring(name)
    while let last = name.last, last == "." || (last.isASCII && last.isNumber) { name.removeLast() }
    return String(name)
  }
}
