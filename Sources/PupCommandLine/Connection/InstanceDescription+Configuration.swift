internal import PupConfig
internal import PupInstance

extension InstanceDescription {
  /// What its bytes mean; no file that they name is looked at. Nil where this version does not understand them.
  var settings: PupConfiguration? {
    PupConfiguration.load(
      bytes: configuration, path: configurationPath, directory: directory,
      environment: SystemConfigurationEnvironment(variables: ProcessEnvironment.current), checkingFiles: false
    ).configuration
  }
}
