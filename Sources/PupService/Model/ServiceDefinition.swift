package import PupInstance

/// What to install: one Pup with its configuration. All paths are absolute; nothing depends on the service manager.
package struct ServiceDefinition: Hashable, Sendable {
  package var name: ServiceName
  package var scope: ServiceScope
  /// The user that a system service runs as; nil for root.
  package var runAs: String?
  /// The executable of `pup`.
  package var program: String
  package var configuration: String
  /// The configuration's folder.
  package var directory: String
  package var paths: StoragePaths
  /// Arguments of `pup run` besides the configuration: `--data-dir` and so on.
  package var storageOptions: [String]
  /// In the order in which they are set, with unique names.
  package var variables: [ServiceVariable]
  /// Whether the user passed variables, whose values may be secrets.
  package var hasOwnVariables = false
  /// The longest time that an orderly stop may take according to the configuration.
  package var stopSeconds: Int

  package init(
    name: ServiceName, scope: ServiceScope, runAs: String? = nil, program: String, configuration: String, directory: String,
    paths: StoragePaths, storageOptions: [String] = [], variables: [ServiceVariable] = [], stopSeconds: Int
  ) {
    self.name = name
    self.scope = scope
    self.runAs = runAs
    self.program = program
    self.configuration = configuration
    self.directory = directory
    self.paths = paths
    self.storageOptions = storageOptions
    self.variables = variables
    self.stopSeconds = stopSeconds
  }

  var runWords: [String] { [program, "run", "--config", configuration] + storageOptions }
  var checkWords: [String] { [program, "check", "--config", configuration] }
  var sweepWords: [String] { [program, "sweep", "--config", configuration] + storageOptions }

  /// The service manager's timeout for a stop: Pup stops programs by their own
  /// deadlines, waits 5 s for a hung brain, and writes the last log lines.
  var stopTimeout: Int { stopSeconds + 20 }

  /// All environment variables of the service.
  func variables(for manager: ServiceManagerKind) -> [ServiceVariable] {
    let own = manager.restarts ? [ServiceVariable(name: "PUP_RESTARTED_BY", value: manager.rawValue)] : []
    return own + variables
  }

  /// Control characters, including line breaks, are refused: service managers read their files line by line.
  package func validate(for manager: ServiceManagerKind) throws(InstanceError) {
    for text in [program, configuration, directory, paths.data, paths.temporary] + storageOptions
    where text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
      throw InstanceError(
        .configuration,
        "the path \(text.debugDescription) contains a control character, which a service file cannot represent; rename it")
    }
    // However it is quoted, systemd says "Executable name contains special characters".
    if manager == .systemd, program.contains(where: { "\"'\\".contains($0) }) {
      throw InstanceError(
        .configuration,
        "systemd cannot start a program with quotes or backslashes in its path: \(program); install Pup somewhere else"
      )
    }
  }
}
