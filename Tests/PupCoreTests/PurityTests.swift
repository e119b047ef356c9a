import Testing

/// Each module may import only what the table of modules in docs/architecture.md lists.
@Suite struct PurityTests {
  /// These may not import anything else, not even the C library.
  private static let pure: Set<String> = ["PupBasics", "PupCore", "PupSimulation"]

  @Test func theSourcesImportWhatTheTableOfModulesSays() throws {
    let table = Self.table(in: try #require(SourceFiles.page("architecture.md")))
    #expect(Set(table.keys) == SourceFiles.modules)
    for (module, allowed) in table {
      var imports = SourceFiles.imports(of: module)
      if !Self.pure.contains(module) { imports.subtract(["PupBasics", "Glibc", "Synchronization"]) }
      #expect(imports == allowed, "\(module): docs/architecture.md differs from its sources")
    }
  }

  @Test func pureModulesImportEachOtherAlone() {
    #expect(SourceFiles.imports(of: "PupBasics").isEmpty)
    #expect(SourceFiles.imports(of: "PupCore") == ["PupBasics"])
    #expect(SourceFiles.imports(of: "PupSimulation").isSubset(of: ["PupBasics", "PupCore"]))
  }

  /// Rows like "| `Module` | `Import`, `Import` | words |".
  private static func table(in page: String) -> [String: Set<String>] {
    var rows: [String: Set<String>] = [:]
    let lines = page.split(separator: "\n").drop { $0 != "| Module | Imports | What it is for |" }.dropFirst(2)
    for line in lines.prefix(while: { $0.hasPrefix("|") }) {
      let cells = line.split(separator: "|")
      guard cells.count == 3, let module = quoted(cells[0]).first else { continue }
      rows[module] = Set(quoted(cells[1]))
    }
    return rows
  }

  private static func quoted(_ cell: Substring) -> [String] {
    cell.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }.map {
      String($0.element)
    }
  }
}
