internal import PupConfig
internal import PupInstance

/// A configuration from disk, checked on this machine.
struct LoadedConfiguration {
  var bytes: [UInt8]
  var report: ConfigurationReport

  /// Read with the rights of the user whose folder it is in, and checked with those that the command has: what it names may be
  /// for root only.
  static func borrowingRights(_ location: Location) throws(InstanceError) -> LoadedConfiguration {
    try load(location, borrowingRightsFor: location.reachedAs)
  }

  /// - Parameter borrowingRightsFor: the path whose folders decide with whose rights the file is read; nil for those of the
  ///   command.
  static func load(_ location: Location, borrowingRightsFor reached: String? = nil) throws(InstanceError) -> LoadedConfiguration {
    guard let path = location.configurationPath else {
      throw InstanceError(
        .configuration,
        "no pup.json or pup.jsonc in \(location.directory); name one with --config FILE, or run a command without one: "
          + "pup run -A -- COMMAND ARGUMENTS")
    }
    let bytes = try BorrowedRights.with(ofOwnersOnTheWayTo: reached) { () throws(InstanceError) in
      do throws(ConfigurationFileError) { return try ConfigurationFile.read(path) } catch {
        throw InstanceError(.configuration, error.rendered(file: path), isDenied: error.isDenied)
      }
    }
    let report = PupConfiguration.load(
      bytes: bytes, path: path, directory: location.directory,
      environment: SystemConfigurationEnvironment(variables: ProcessEnvironment.current))
    return LoadedConfiguration(bytes: bytes, report: WatchCheck.complete(report, of: bytes, location))
  }
}
