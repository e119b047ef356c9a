import PupTokens
import Testing

@testable import PupWeb

@Suite("What a call is about") struct ResourceRuleTests {
  @Test("every parameter that names a resource is part of its path") func declared() {
    let rules = RouteTable.all.map(\.operation).filter { $0.resource.parameter != nil }
    #expect(rules.count > 5)
    for operation in rules {
      #expect(operation.parameters.contains { $0.name == operation.resource.parameter && $0.isInPath }, "\(operation.name)")
    }
  }

  @Test("whoever may control some processes only can do so by every operation that acts on one") func control() {
    for operation in RouteTable.all.map(\.operation) where operation.permissions == [.control] {
      #expect(operation.resource.resource { _ in "web" } == .process("web"), "\(operation.name)")
      #expect(operation.resource.resource { _ in "All" } == .allProcesses, "\(operation.name)")
    }
  }

  @Test("the rule decides what an id stands for, not its name")
  func rules() {
    #expect(ResourceRule.process.resource { _ in "all" } == .process("all"))
    #expect(ResourceRule.plugin.resource { $0 == "plugin" ? "on-call" : nil } == .plugin("on-call"))
    #expect(ResourceRule(.plugin("on-call")).resource { _ in "web" } == .plugin("on-call"))
    #expect(ResourceRule.instance.resource { _ in "web" } == .instance)
    #expect(ResourceRule.process.resource { _ in nil } == .instance)
  }
}
