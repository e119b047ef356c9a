internal import Glibc
internal import PupConfig
internal import PupInstance
internal import PupSystem

/// The instance that this brain supervises, as the keeper's descriptors show it.
struct SupervisedInstance {
  /// The configuration in force is refused by this version; a brain of another one may see it differently.
  struct Refusal: Error {
    let report: String
  }

  let description: InstanceDescription
  let paths: StoragePaths
  let configuration: PupConfiguration
  /// Pup has made the temporary folder.
  let isTemporaryOurs: Bool
  let state: StateFile
  let ledger: StreamLedger

  /// Where the configuration's relative paths start is where Pup works from now on.
  /// - Parameters:
  ///   - held: in the order of `WelcomeDescriptor`.
  ///   - rows: of the stream ledger.
  init(_ held: [Descriptor], rows: Int, _ environment: SystemConfigurationEnvironment) throws {
    guard let bytes = RuntimeFiles.content(of: held[WelcomeDescriptor.instance.rawValue].number) else {
      throw SystemError("read(instance)", errno: EIO)
    }
    description = try InstanceDescription(decoding: bytes)
    paths = StoragePaths(
      name: "", directory: "", dataOverride: description.dataDirectory, temporaryOverride: description.temporaryDirectory,
      workingDirectory: "/")
    isTemporaryOurs =
      (try? OwnFolder(description.temporaryDirectory)).flatMap(RuntimePointer.read(in:))?.madeTemporary ?? true
    _ = chdir(description.directory)
    let report = PupConfiguration.load(
      bytes: description.configuration, path: description.configurationPath, directory: description.directory,
      environment: environment, checkingFiles: false)
    guard let configuration = report.configuration else { throw Refusal(report: report.rendered()) }
    self.configuration = configuration
    state = try StateFile(descriptor: held[WelcomeDescriptor.state.rawValue].number)
    ledger = try StreamLedger(descriptor: held[WelcomeDescriptor.streams.rawValue].number, rows: rows)
  }

}
