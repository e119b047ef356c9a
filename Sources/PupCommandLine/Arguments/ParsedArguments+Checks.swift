extension ParsedArguments {
  /// For commands that take options only.
  func refusePositional(_ hint: String = "") throws(UsageError) {
    guard let word = positional.first else { return }
    throw UsageError(message: "'\(word)' is not expected here\(hint.isEmpty ? "" : "; \(hint)")")
  }

  /// For commands that start nothing.
  func refuseRest() throws(UsageError) {
    guard let rest else { return }
    throw UsageError(
      message: "'--\(rest.first.map { " \($0)" } ?? "")' is not expected here; this command takes nothing after --")
  }
}
