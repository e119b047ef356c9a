internal import Glibc
internal import PupBasics
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
  private let location: Location
  /// The command went to the folder of `--cwd`, where a process works by itself.
  private let hasEntered: Bool
  private let environment = SystemConfigurationEnvironment(variables: ProcessEnvironment.current)

  /// For commands that describe a process: it works in the folder of `--cwd`, and so does the command where that folder has a
  /// configuration.
  static let options =
    Array(Location.options.prefix(1)) + ProcessArguments.options + [
      OptionSpecification(
        "cwd", "d", value: "DIR",
        help: "the process works in this folder; its configuration is used where it has one, else the one here")
    ]

  /// For `remove`, which finds what `append` has added.
  static let optionsToRemove =
    Array(Location.options.prefix(1)) + [
      OptionSpecification(
        "cwd", "d", value: "DIR",
        help: "this folder's configuration is used where it has one, else the one here, as by pup append")
    ]

  /// Whether `remove` works in the folder of `--cwd`. One that is not there is an error, not a reason to edit the file here.
  static func entersToRemove(_ arguments: ParsedArguments) -> Bool {
    guard let folder = arguments.value("cwd"), !arguments.has("config") else { return true }
    return isElsewhere(arguments) || access("\(folder)/.", F_OK) != 0
  }

  /// Whether `--cwd` names a folder that has a configuration of its own.
  static func isElsewhere(_ arguments: ParsedArguments) -> Bool {
    !arguments.has("config") && arguments.value("cwd").map { ConfigurationFile.discover(in: $0) != nil } ?? false
  }

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
    // From elsewhere, the name alone could be that of the file here.
    self.path =
      entersDirectory && !PathText.hasSlash(path) && arguments.has("cwd") ? location.absoluteConfigurationPath ?? path : path
    option = location.option
    directory = location.directory
    self.location = location
    hasEntered = entersDirectory
  }

  /// Checks what the flags say on this machine; problems are told by flag.
  func process(_ options: AdHocOptions, _ arguments: ParsedArguments) throws(InstanceError) -> OrderedValue {
    var options = options
    let here = Location.workingDirectory
    // Relative to the shell's folder as it is typed, to the configuration's as it is written.
    options.cwd = hasEntered ? nil : arguments.value("cwd").map { here == directory ? $0 : PathText.join(here, $0) }
    let report = PupConfiguration.adHoc(options, directory: directory, environment: environment).report
    for line in report.rendered(command: "pup").split(separator: "\n") { Terminal.complain(String(line)) }
    guard report.configuration != nil else { throw InstanceError(.configuration, "\(path): nothing was changed") }
    return options.processValue(directory: directory, environment: environment)
  }

  /// Where a Pup runs, it has read the file before this edit.
  func mentionRunningPup() {
    let drift = ConfigurationDrift(ofFile: location.absoluteConfigurationPath, option: option)
    if let sentence = drift?.sentence { Terminal.complain("pup: \(sentence)") }
  }

  /// Refuses what `pup run` would not take.
  func check(_ bytes: [UInt8]) throws(InstanceError) {
    let report = load(bytes)
    guard report.errorCount > 0 else { return }
    Terminal.complain(report)
    throw InstanceError(.configuration, "\(path): nothing was written")
  }

  func create(_ bytes: [UInt8]) throws(InstanceError) {
    try BorrowedRights.with(ofOwnersOnTheWayTo: location.reachedAs ?? "\(directory)/\(path)") { () throws(InstanceError) in
      try inFile { () throws(ConfigurationFileError) in try ConfigurationFile.create(path, bytes) }
    }
  }

  /// Changes the file. Nothing happens to it where the result would not be what was meant. Of several `pup` at once, each works
  /// on the text that the one before it wrote.
  func change(_ edit: ([UInt8]) throws(ConfigurationEditError) -> [UInt8]) throws(InstanceError) {
    try BorrowedRights.with(ofOwnersOnTheWayTo: location.reachedAs) { () throws(InstanceError) in try changeFile(edit) }
  }

  private func changeFile(_ edit: ([UInt8]) throws(ConfigurationEditError) -> [UInt8]) throws(InstanceError) {
    let lock: ConfigurationLock
    do throws(ConfigurationFileError) { lock = try ConfigurationLock(path) } catch { throw problem(error) }
    // An editor that knows nothing of the lock may come between; then the edit is made to its text.
    var remaining = 3
    while try !replace(edit, isLastTry: remaining == 0) { remaining -= 1 }
    lock.release()
  }

  /// False where somebody else has changed the file meanwhile.
  private func replace(
    _ edit: ([UInt8]) throws(ConfigurationEditError) -> [UInt8], isLastTry: Bool
  ) throws(InstanceError) -> Bool {
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
    do throws(ConfigurationFileError) {
      try ConfigurationFile.replace(path, with: new, expecting: old)
    } catch {
      if error == .changed, !isLastTry { return false }
      throw problem(error)
    }
    if after.errorCount > 0 {
      Terminal.complain(
        "pup: warning: \(path) has \(after.errorCount) error\(after.errorCount == 1 ? "" : "s") of its own, and pup run refuses it; see: pup check\(option)"
      )
    }
    return true
  }

  /// Errors with the file's name.
  private func inFile<Value>(_ body: () throws(ConfigurationFileError) -> Value) throws(InstanceError) -> Value {
    do throws(ConfigurationFileError) {
      return try body()
    } catch {
      throw problem(error)
    }
  }

  private func problem(_ error: ConfigurationFileError) -> InstanceError {
    InstanceError(.configuration, error.rendered(file: path), isDenied: error.isDenied)
  }

  private func load(_ bytes: [UInt8]) -> ConfigurationReport {
    PupConfiguration.load(
      bytes: bytes, path: path, directory: directory, environment: environment, checkingFiles: false)
  }
}
