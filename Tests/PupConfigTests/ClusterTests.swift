import PupConfig
import PupCore
import Testing

@Suite struct ClusterTests {
  @Test func expandsIntoMembers() throws {
    let report = StubEnvironment().process("id: 'Web', cmd: 'foo', autostart: true, cluster: { instances: 3, startPort: 4000 }")
    let configuration = try #require(report.configuration)
    #expect(configuration.processes.map(\.id.text) == ["Web-1", "Web-2", "Web-3"])
    #expect(configuration.processes.map(\.cluster?.instance) == [0, 1, 2])
    #expect(configuration.definitions().allSatisfy { $0.cluster == ProcessID("web") && $0.policy.autostart })
    #expect(configuration.clusters.first?.memberID(2) == ProcessID("web-3"))
  }

  @Test func oneInstanceIsTheDefault() throws {
    let configuration = try #require(StubEnvironment().process("id: 'a', cmd: 'foo', cluster: {}").configuration)
    #expect(configuration.processes.map(\.id.text) == ["a-1"])
  }

  @Test func noInstancesAreAWarning() throws {
    let report = StubEnvironment().process("id: 'a', cmd: 'foo', cluster: { instances: 0 }")
    #expect(report.configuration?.processes.isEmpty == true && report.configuration?.clusters.count == 1)
    #expect(report.diagnostics.map(\.severity) == [.warning])
  }

  @Test func theLoadBalancerIsNotThereYet() {
    let report = StubEnvironment().process("id: 'a', cmd: 'foo', cluster: { commonPort: 80, startPort: 3000 }")
    #expect(
      report.rendered() == """
        pup.json:1:61: error: the load balancer for `commonPort` is not implemented yet; \
        use `startPort` instead: each instance then listens on the port in its variable PUP_CLUSTER_PORT

        """)
  }

  @Test func aStrategyOfNothingIsAWarning() {
    let report = StubEnvironment().process("id: 'a', cmd: 'foo', cluster: { strategy: 'ip-hash', startPort: 3000 }")
    #expect(report.diagnostics.map(\.keyPath) == ["processes[0].cluster.strategy"] && report.configuration != nil)
  }

  @Test func portsCountUpFromTheFirst() {
    var cluster = ClusterConfiguration(id: ProcessID("a"), instances: 2)
    #expect(cluster.port(of: 1) == nil)
    cluster.startPort = 3000
    #expect(cluster.port(of: 1) == 3001)
    cluster.startPort = 65_535
    #expect(cluster.port(of: 1) == nil)
  }

  @Test func membersOfAllClustersTogetherAreBounded() {
    let process = { (id: String) in "{ id: '\(id)', cmd: 'foo', cluster: { instances: 40000 } }" }
    let report = StubEnvironment().load("{ processes: [\(process("a")), \(process("b"))] }")
    #expect(report.diagnostics.map(\.what) == ["there would be more than 65535 processes"])
  }
}
