internal import PupConfig
internal import PupInstance

/// A configuration from disk, checked on this machine.
struct LoadedConfiguration {
  var bytes: [UInt8]
  var report: ConfigurationReport

  static func load(_ location: Location) throws(InstanceError) -> LoadedConfiguration {
    guard let path = location.configurationPath else {
      throw InstanceError(
        .configuration,
        "no pup.json or pup.jsonc in \(location.directory); name one with --config FILE, or run a command without one: "
          + "pup run -A -- COMMAND ARGUMENTS")
    }
    let bytes: [UInt8]
    do throws(ConfigurationFileError) {
      bytes = try ConfigurationFile.read(path)
    } catch {
      throw InstanceError(.configuration, error.rendered(file: path))
    }
    let report = PupConfiguration.load(
      bytes: bytes, path: path, directory: location.directory,
      environment: SystemConfigurationEnvironment(variables: ProcessEnvironment.current))
    return LoadedConfiguration(bytes: bytes, report: report)
  }
}
