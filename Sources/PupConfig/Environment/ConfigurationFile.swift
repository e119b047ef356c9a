internal import PupBasics

/// Finds and reads configuration files.
package enum ConfigurationFile {
  /// The names to look for, in this order, if `--config` is not given.
  package static let names = ["pup.json", "pup.jsonc"]

  /// The path of the configuration in a directory, or nil.
  package static func discover(in directory: String) -> String? {
    names.map { PathText.join(directory, $0) }.first(where: SystemFiles.exists)
  }

  /// The bytes of a configuration: not empty, at most `JSON5Document.sizeLimit`, and without NUL.
  package static func read(_ path: String) throws(ConfigurationFileError) -> [UInt8] {
    let (bytes, size) = try SystemFiles.read(path, limit: JSON5Document.sizeLimit + 1)
    guard bytes.count <= JSON5Document.sizeLimit else { throw .tooLarge(bytes: max(size, bytes.count)) }
    guard !bytes.isEmpty else { throw .empty }
    guard !bytes.contains(0) else { throw .binary }
    return bytes
  }
}
