import PupConfig
import Testing

@testable import PupCommandLine

@Suite struct CheckCommandTests {
  @Test(arguments: [
    ("", "0 processes"), ("{ id: 'a', cmd: 'a' }", "1 process"),
    ("{ id: 'a', cmd: 'a' }, { id: 'w', cmd: 'a', cluster: { instances: 3 } }", "2 processes (4 with the members of clusters)"),
    ("{ id: 'w', cmd: 'a', cluster: { instances: 0 } }", "1 process (0 with the members of clusters)"),
  ])
  func aClusterIsOneOfTheFilesProcesses(_ processes: String, _ amount: String) throws {
    let report = PupConfiguration.load(
      bytes: Array("{ processes: [\(processes)] }".utf8), path: "pup.json", directory: "/",
      environment: SystemConfigurationEnvironment(variables: [:]), checkingFiles: false)
    #expect(CheckCommand.amount(try #require(report.configuration, "\(report.rendered())")) == amount)
  }
}
