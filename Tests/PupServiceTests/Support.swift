internal import Glibc
internal import PupInstance
internal import PupTestSupport
import Testing

@testable import PupService

/// A folder of a test's own, gone at its end.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = try TemporaryFolder()
  try withExtendedLifetime(folder) { try body(folder.path) }
}

func write(_ text: String, to path: String) throws {
  _ = try RuntimeFiles.replace(path, with: Array(text.utf8), mode: 0o644)
}

func text(_ path: String) -> String? { RuntimeFiles.text(of: path) }

func makeDefinition(
  name: String = "app", scope: ServiceScope = .system, runAs: String? = nil, program: String = "/usr/local/bin/pup",
  directory: String = "/srv/app", storageOptions: [String] = [], variables: [ServiceVariable] = [], stopSeconds: Int = 30
) throws -> ServiceDefinition {
  ServiceDefinition(
    name: try ServiceName(name), scope: scope, runAs: runAs, program: program, configuration: directory + "/pup.json",
    directory: directory, paths: StoragePaths(name: "pup.json", directory: directory, workingDirectory: "/"),
    storageOptions: storageOptions, variables: variables, stopSeconds: stopSeconds)
}

/// What a shell makes of a script: its exit code, and what it wrote.
func shell(_ words: String..., seconds: Int = 20) -> (code: Int32?, output: String) {
  let outcome = ServiceCommand.run(words, seconds: seconds)
  if case .exited(let code) = outcome.ending { return (code, outcome.output) }
  return (nil, "\(outcome)")
}
