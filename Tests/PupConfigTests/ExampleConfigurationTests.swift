import PupConfig
import PupCore
import Testing

@Suite struct ExampleConfigurationTests {
  @Test func loadsWithoutAProblem() throws {
    let environment = SystemConfigurationEnvironment(variables: ["PATH": "/usr/local/bin:/usr/bin:/bin"])
    let report = PupConfiguration.load(
      bytes: try ConfigurationFile.read(RepositoryFile.root + "/pup.json.example"), path: "pup.json.example",
      directory: RepositoryFile.root, environment: environment)
    #expect(report.errorCount == 0, "\(report.rendered())")
    let configuration = try #require(report.configuration)
    #expect(configuration.processes.map(\.id.text).contains("sleeper-2"))
  }
}
