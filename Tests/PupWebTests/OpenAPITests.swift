import PupAPI
import PupTokens
import Testing

@testable import PupWeb

@Suite("OpenAPI") struct OpenAPITests {
  private let document = OpenAPIDocument(groups: RouteTable.groups, version: "1").json

  @Test("operations have unique names, and every reference has its target") func references() {
    let names = RouteTable.all.map(\.operation.name)
    #expect(Set(names).count == names.count)
    let schemas = Set(document["components"]?["schemas"]?.objectValue?.names ?? [])
    #expect(schemas.count == APISchemas.all.names.count)
    var pending = [document]
    var count = 0
    while let value = pending.popLast() {
      pending += value.arrayValue ?? []
      for member in value.objectValue?.members ?? [] {
        if member.name == "$ref" {
          count += 1
          #expect(schemas.contains(String(member.value.stringValue?.dropFirst("#/components/schemas/".count) ?? "")))
        }
        pending.append(member.value)
      }
    }
    #expect(count > 20)
  }

  @Test("every parameter of a path is declared") func parameters() {
    for route in RouteTable.all {
      let inPath = route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
      #expect(route.operation.parameters.filter(\.isInPath).map(\.name) == inPath)
    }
  }

  @Test("the page for people names every route") func markdown() {
    let text = RouteDocumentation.markdown()
    for route in RouteTable.all { #expect(text.contains("## \(route.method.rawValue) \(route.path)\n")) }
  }
}
