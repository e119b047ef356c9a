package import PupBasics

/// The configuration in force and where it came from. Written by `pup run`, held by the keeper, read by every brain: what is on
/// disk in the meantime does not matter.
package struct InstanceDescription: Hashable, Sendable {
  private static let format = Format("description of the instance", version: 1, needed: 1, oldest: 1)

  /// As shown to people: "pup.json".
  package var configurationPath: String
  /// Absolute; relative paths in the configuration are resolved against it, and Pup's working directory is here.
  package var directory: String
  /// Made from command-line flags instead of a file.
  package var isAdHoc: Bool
  package var configuration: [UInt8]
  package var dataDirectory: String
  package var temporaryDirectory: String
  /// The folder of the ledgers and the state, on tmpfs if there is one.
  package var runtimeDirectory: String
  /// The configuration's absolute path as it was given, with links that may lead elsewhere by now; "" if unknown.
  package var reachedAs = ""

  package init(
    configurationPath: String, directory: String, isAdHoc: Bool, configuration: [UInt8], dataDirectory: String,
    temporaryDirectory: String, runtimeDirectory: String, reachedAs: String = ""
  ) {
    self.configurationPath = configurationPath
    self.directory = directory
    self.isAdHoc = isAdHoc
    self.configuration = configuration
    self.dataDirectory = dataDirectory
    self.temporaryDirectory = temporaryDirectory
    self.runtimeDirectory = runtimeDirectory
    self.reachedAs = reachedAs
  }

  /// The configuration's absolute path; nil without a file.
  package var absoluteConfigurationPath: String? {
    if isAdHoc { return nil }
    let name = PathText.name(of: configurationPath)
    return directory == "/" ? "/\(name)" : "\(directory)/\(name)"
  }

  package func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.put(Self.format) {
      $0.put(configurationPath)
      $0.put(directory)
      $0.put(isAdHoc)
      $0.put(configuration)
      $0.put(dataDirectory)
      $0.put(temporaryDirectory)
      $0.put(runtimeDirectory)
      $0.put(reachedAs)
    }
    return writer.bytes
  }

  package init(decoding bytes: [UInt8]) throws(FormatError) {
    var reader = ByteReader(bytes[...])
    self = try reader.read(Self.format) { (reader) throws(FormatError) in
      InstanceDescription(
        configurationPath: try reader.getString(), directory: try reader.getString(), isAdHoc: try reader.getBool(),
        configuration: try reader.getBytes(), dataDirectory: try reader.getString(),
        temporaryDirectory: try reader.getString(), runtimeDirectory: try reader.getString(),
        reachedAs: try reader.getString())
    }
    guard reader.remaining == 0 else { throw .malformed }
  }
}
