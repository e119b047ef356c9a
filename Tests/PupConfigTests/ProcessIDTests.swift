import PupConfig
import PupCore
import Testing

@Suite struct ProcessIDTests {
  @Test(arguments: ["a", "A-1", "@scope", "9", "a.b_c-d@e", String(repeating: "x", count: 64)])
  func accepts(_ id: String) {
    #expect(StubEnvironment().process("id: '\(id)', cmd: 'foo'").errorCount == 0)
  }

  @Test(arguments: [
    "", ".", "..", "-a", "_a", "a b", "a/b", "å", "a\\n", "all", "ALL", "core", "Core", String(repeating: "x", count: 65),
  ])
  func refuses(_ id: String) {
    let report = StubEnvironment().process("id: '\(id)', cmd: 'foo'")
    #expect(report.configuration == nil)
    #expect(report.diagnostics.map(\.keyPath) == ["processes[0].id"], "\(report.rendered())")
  }

  @Test func isUniqueAgainstGeneratedIDs() {
    let before = StubEnvironment().load(
      "{ processes: [{ id: 'web', cmd: 'foo', cluster: { instances: 3 } }, { id: 'WEB-2', cmd: 'foo' }] }")
    #expect(before.diagnostics.map(\.what) == ["the id `WEB-2` is taken by a member of the cluster `web`"])
    let after = StubEnvironment().load(
      "{ processes: [{ id: 'WEB-2', cmd: 'foo' }, { id: 'web', cmd: 'foo', cluster: { instances: 3 } }] }")
    #expect(after.diagnostics.map(\.what) == ["the cluster `web` needs the id `web-2` for a member, but it is taken"])
    #expect(after.diagnostics.map(\.keyPath) == ["processes[1].cluster.instances"])
  }

  @Test func aClusterOwnsItsName() {
    let report = StubEnvironment().load(
      "{ processes: [{ id: 'web', cmd: 'foo', cluster: {} }, { id: 'Web', cmd: 'foo' }] }")
    #expect(report.errorCount == 1)
  }
}
