import PupConfig
import Testing

@Suite struct ConfigurationSchemaTests {
  @Test func theSchemaFileIsUpToDate() throws {
    let written = try RepositoryFile.text("pup.schema.json")
    #expect(
      written == ConfigurationSchema.jsonSchema(), "pup.schema.json is stale: write ConfigurationSchema.jsonSchema() into it")
  }

  @Test func theSchemaIsItselfReadable() {
    let document = JSON5Document(Array(ConfigurationSchema.jsonSchema().utf8))
    #expect(document.problems.isEmpty)
    #expect(document.value(of: "properties", in: JSON5Document.root) != nil)
  }

  @Test func everyKeyIsDocumented() {
    func check(_ object: SchemaObject) {
      for key in object.keys {
        #expect(key.summary.hasSuffix(".") || key.summary.hasSuffix(")"), "\(key.name)")
        if case .object(let nested) = key.type { check(nested) }
        if case .list(of: .object(let nested), atLeast: _) = key.type { check(nested) }
      }
    }
    check(ConfigurationSchema.root)
  }
}
