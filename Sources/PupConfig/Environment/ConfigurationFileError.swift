/// Why a configuration file could not be read, or written.
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
  /// The system's words; nothing was changed.
  case unwritable(String)
  /// Somebody else has changed it since it was read.
  case changed
  case exists

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
      case .unwritable(let reason):
        ("the file cannot be written (\(reason)); nothing was changed", "check owner and mode of the file and of its folder")
      case .changed: ("somebody else has changed the file meanwhile; nothing was changed", "try again")
      case .exists: ("the file is there already; nothing was changed", "add processes to it with `pup append`")
      case .binary: ("the file is binary (it holds a NUL byte)", "give the path of a JSON5 text file")
      }
    return "\(file): error: \(what); \(fix)"
  }
}
