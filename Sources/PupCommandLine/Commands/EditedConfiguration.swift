internal import PupConfig
internal import PupInstance

/// A configuration file that `init`, `append` and `remove` work on.
struct EditedConfiguration {
  /// As people wrote it.
  let path: String
  /// " --config FILE", where it is not found without.
  let option: String
  /// The configuration's folder.
  let directory: String
  private let environment = SystemConfigurationEnvironment(variables: ProcessEnvironment.current)

  /// For commands that describe a process: `--cwd` is the process's folder.
  static let options =
    Array(Location.options.prefix(1)) + ProcessArguments.options
    + [OptionSpecification("cwd", "d", value: "DIR", help: "the process works in this folder (default: the configuration's)")]

  /// - Parameters:
  ///   - name: of the file where none is given and none is found.
  ///   - entersDirectory: `--cwd` is where the command works.
  init(
    _ arguments: ParsedArguments, orNamed name: String? = nil, entersDirectory: Bool = false
  ) throws(InstanceError) {
    let location = try Location(arguments, entersDirectory: entersDirectory)
    guard let path = location.configurationPath ?? name else {
      throw InstanceError(
        .configuration, "no pup.json or pup.jsonc in \(location.directory); name one with --config FILE, or write one: pup init")
    }
    self.path = path
    option = location.option
    directory = location.directory
  }

  /// Checks what the flags say on this machine; problems are told by flag.
  func process(_ options: AdHocOptions, _ arguments: ParsedArguments) throws(InstanceError) -> OrderedValue {
    var options = options
    let here = Location.workingDirectory
    // Relative to the shell's folder as it is typed, to the configuration's as it is written.
    options.cwd = arguments.value("cwd").map { here == directory ? $0 : PathText.join(here, $0) }
    let report = PupConfiguration.adHoc(options, directory: directory, environment: environment).report
    // What is about no flag is told of the command that the flags were made for.
    for line in report.rendered().split(separator: "\n") {
      Terminal.complain(line.hasPrefix("pup run: ") ? "pup: \(line.dropFirst(9))" : String(line))
    }
    guard report.configuration != nil else { throw InstanceError(.configuration, "\(path): nothing was changed") }
    return options.processValue(directory: directory, environment: environment)
  }

  func create(_ bytes: [UInt8]) throws(InstanceError) {
    try inFile { () throws(ConfigurationFileError) in try ConfigurationFile.create(path, bytes) }
  }

  /// Changes the file. Nothing happens to it where the result would not be what was meant.
  func change(_ edit: ([UInt8]) throws(ConfigurationEditError) -> [UInt8]) throws(InstanceError) {
    let old = try inFile { () throws(ConfigurationFileError) in try ConfigurationFile.read(path) }
    let new: [UInt8]
    do throws(ConfigurationEditError) {
      new = try edit(old)
    } catch {
      throw InstanceError(.configuration, error.rendered(file: path))
    }
    let (before, after) = (load(old), load(new))
    guard after.errorCount <= before.errorCount else {
      Terminal.complain(after)
      throw InstanceError(.configuration, "\(path): the file would not be usable; nothing was changed")
    }
    try inFile { () throws(ConfigurationFileError) in try ConfigurationFile.replace(path, with: new, expecting: old) }
    if after.errorCount > 0 {
      Terminal.complain(
        "pup: warning: \(path) has \(after.errorCount) error\(after.errorCount == 1 ? "" : "s") of its own, and pup run refuses it; see: pup check\(option)"
      )
    }
  }

  /// Errors with the file's name.
  private func inFile<Value>(_ body: () throws(ConfigurationFileError) -> Value) throws(InstanceError) -> Value {
    do throws(ConfigurationFileError) {
      return try body()
    } catch {
      throw InstanceError(.configuration, error.rendered(file: path))
    }
  }

  private func load(_ bytes: [UInt8]) -> ConfigurationReport {
    PupConfiguration.load(
      bytes: bytes, path: path, directory: directory, environment: environment, checkingFiles: false)
  }
}
