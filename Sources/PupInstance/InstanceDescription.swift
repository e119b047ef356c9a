package import PupSystem

/// The configuration in force and where it came from. Written by `pup run`, held by the keeper, read by every brain: what is on disk
/// meanwhile does not matter.
package struct InstanceDescription: Hashable, Sendable {
  package static let version: UInt32 = 1

  /// As shown to people: "pup.json".
  package var configurationPath: String
  /// Absolute; relative paths in the configuration start here, and so does Pup.
  package var directory: String
  /// Made of command-line flags instead of a file.
  package var isAdHoc: Bool
  package var configuration: [UInt8]
  package var dataDirectory: String
  package var temporaryDirectory: String
  /// The folder of the ledgers and the state, on tmpfs where there is one.
  package var runtimeDirectory: String

  package init(
    configurationPath: String, directory: String, isAdHoc: Bool, configuration: [UInt8], dataDirectory: String,
    temporaryDirectory: String, runtimeDirectory: String
  ) {
    self.configurationPath = configurationPath
    self.directory = directory
    self.isAdHoc = isAdHoc
    self.configuration = configuration
    self.dataDirectory = dataDirectory
    self.temporaryDirectory = temporaryDirectory
    self.runtimeDirectory = runtimeDirectory
  }

  package func encoded() -> [UInt8] {
    var writer = PacketWriter()
    writer.put(Self.version)
    writer.put(configurationPath)
    writer.put(directory)
    writer.put(isAdHoc)
    writer.put(configuration)
    writer.put(dataDirectory)
    writer.put(temporaryDirectory)
    writer.put(runtimeDirectory)
    return writer.bytes
  }

  package init(decoding bytes: [UInt8]) throws(PacketReader.Malformed) {
    var reader = PacketReader(bytes[...])
    guard try reader.get(UInt32.self) == Self.version else { throw PacketReader.Malformed() }
    configurationPath = try reader.getString()
    directory = try reader.getString()
    isAdHoc = try reader.getBool()
    configuration = try reader.getBytes()
    dataDirectory = try reader.getString()
    temporaryDirectory = try reader.getString()
    runtimeDirectory = try reader.getString()
  }
}
