/// Why a configuration file could not be read.
package enum ConfigurationFileError: Error, Hashable, Sendable {
  case notFound
  /// The system's words: "Permission denied".
  case unreadable(String)
  case isDirectory
  /// A pipe, a device, a socket.
  case notRegular
  case empty
  case tooLarge(bytes: Int)
  case binary

  /// "pup.json: error: what; how to fix"
  package func rendered(file: String) -> String {
    let (what, fix) =
      switch self {
      case .notFound: ("there is no such file", "give its path with --config, or write one with `pup init`")
      case .unreadable(let reason): ("the file cannot be read (\(reason))", "check its owner and mode")
      case .isDirectory: ("this is a directory", "give the path of the file in it, such as \(file)/pup.json")
      case .notRegular: ("this is not a regular file", "save the configuration in a file")
      case .empty: ("the file is empty", "start with { \"processes\": [] }")
      case .tooLarge(let bytes):
        ("the file has \(bytes) bytes, more than the \(JSON5Document.sizeLimit) that are read", "check that it is the right file")
      case .binary: ("the file is binary (it holds a NUL byte)", "give the path of a JSON5 text file")
      }
    return "\(file): error: \(what); \(fix)"
  }
}
