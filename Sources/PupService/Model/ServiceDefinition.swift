package import PupInstance

/// What is to be installed: one Pup with its configuration. Everything is absolute; nothing of it depends on the service manager.
package struct ServiceDefinition: Hashable, Sendable {
  package var name: ServiceName
  package var scope: ServiceScope
  /// The user that a service of the machine runs as; nil for root.
  package var runAs: String?
  /// The executable of `pup`.
  package var program: String
  package var configuration: String
  /// The configuration's folder.
  package var directory: String
  package var paths: StoragePaths
  /// What has to be said on the command line of `pup run` besides the configuration: `--data-dir` and so on.
  package var storageOptions: [String]
  /// In the order in which they are set; a name comes once.
  package var variables: [ServiceVariable]
  /// Whether somebody gave variables of their own, whose values may be secrets.
  package var hasOwnVariables = false
  /// How long an orderly stop may take at most, by the configuration.
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

  /// What the service manager allows for a stop: Pup ends programs by their own deadlines, waits 5 s for a brain that hangs, and
  /// writes out the last logs.
  var stopTimeout: Int { stopSeconds + 20 }

  /// All variables that the service is started with.
  func variables(for manager: ServiceManagerKind) -> [ServiceVariable] {
    let own = manager.restarts ? [ServiceVariable(name: "PUP_RESTARTED_BY", value: manager.rawValue)] : []
    return own + variables
  }

  /// One line each, and no control characters: what service managers read by the line cannot hold them.
  package func validate(for manager: ServiceManagerKind) throws(InstanceError) {
    for text in [program, configuration, directory, paths.data, paths.temporary] + storageOptions
    where text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
      throw InstanceError(
        .configuration, "the path \(text.debugDescription) holds a control character, which no service file can; rename it")
    }
    // However it is quoted: "Executable name contains special characters".
    if manager == .systemd, program.contains(where: { "\"'\\".contains($0) }) {
      throw InstanceError(
        .configuration, "systemd starts no program with quotes or backslashes in its path: \(program); install Pup somewhere else"
      )
    }
  }
}
