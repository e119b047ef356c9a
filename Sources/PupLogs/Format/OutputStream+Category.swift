package import PupSystem

extension OutputStream {
  /// The category of the lines that a program writes to it.
  package var category: String {
    switch self {
    case .standardOutput: "stdout"
    case .standardError: "stderr"
    }
  }

  /// Nil for the category of a line of Pup's own.
  package init?(category: String) {
    switch category {
    case "stdout": self = .standardOutput
    case "stderr": self = .standardError
    default: return nil
    }
  }
}
