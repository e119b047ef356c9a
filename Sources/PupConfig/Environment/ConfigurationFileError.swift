internal import Glibc

/// Why a configuration file could not be read, or written.
package enum ConfigurationFileError: Error, Hashable, Sendable {
  case notFound
  case unreadable(errno: Int32)
  case isDirectory
  /// A pipe, a device, a socket.
  case notRegular
  case empty
  case tooLarge(bytes: Int)
  case binary
  /// Nothing was changed.
  case unwritable(errno: Int32)
  /// Another program has changed it since it was read.
  case changed
  /// Another program held the lock for the whole waiting time.
  case locked(seconds: Int)
  case exists

  /// Whether the caller lacks permission.
  package var isDenied: Bool { [.unreadable(errno: EACCES), .unwritable(errno: EACCES)].contains(self) }

  /// "pup.json: error: what; how to fix"
  package func rendered(file: String) -> String {
    let (what, fix) =
      switch self {
      case .notFound: ("no such file", "give its path with --config, or create one with `pup init`")
      case .unreadable(let errno): ("the file cannot be read (\(SystemFiles.reason(errno)))", "check its owner and mode")
      case .isDirectory: ("this is a directory", "give the path of a file in it, such as \(file)/pup.json")
      case .notRegular: ("this is not a regular file", "save the configuration to a file")
      case .empty: ("the file is empty", "start with { \"processes\": [] }")
      case .tooLarge(let bytes):
        ("the file has \(bytes) bytes, more than the limit of \(JSON5Document.sizeLimit)", "check that it is the right file")
      case .unwritable(let errno):
        (
          "the file cannot be written (\(SystemFiles.reason(errno))); nothing was changed",
          "check the owner and mode of the file and its folder"
        )
      case .locked(let seconds):
        (
          "another program has kept the file locked for \(seconds) s; nothing was changed",
          "try again when it has finished (`fuser -v \(file)` names it)"
        )
      case .changed: ("another program has changed the file in the meantime; nothing was changed", "try again")
      case .exists: ("the file already exists; nothing was changed", "add processes to it with `pup append`")
      case .binary: ("the file is binary (it contains a NUL byte)", "give the path of a JSON5 text file")
      }
    return "\(file): error: \(what); \(fix)"
  }
}
