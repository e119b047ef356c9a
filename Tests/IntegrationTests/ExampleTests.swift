internal import Glibc
internal import Testing

extension Integration {
  /// The examples, and the pages about them.
  @Suite(.enabled(if: Checkout.isReadable, Checkout.unreadable)) struct ExampleTests {
    /// Every configuration below `examples`, and the one in the root.
    private static let configurations: [String] = {
      func below(_ folder: String) -> [String] {
        Files.names(in: Checkout.path(folder)).flatMap { name -> [String] in
          let path = "\(folder)/\(name)"
          if name == "pup.json" { return [path] }
          return name.hasPrefix(".") ? [] : below(path)
        }
      }
      return ["pup.json.example"] + below("examples")
    }()

    @Test("is checked without an error or a warning", arguments: configurations) func check(configuration: String) throws {
      try Pup.test { pup in
        let result = try pup.command(["check", "--config", Checkout.path(configuration)], seconds: 20)
        #expect(result.code == 0, "\(result.error)")
        // What an example starts may be missing here, and the folder of the examples may be somebody else's.
        let complaints = result.error.split(separator: "\n").filter {
          !$0.contains(": warning: there is no program `") && !$0.contains(": warning: files cannot be created in `")
        }
        #expect(complaints == [])
        #expect(result.output.contains("good, "), "\(result.output)")
      }
    }

    @Test("has a line in the list of examples", arguments: configurations.dropFirst()) func listed(configuration: String) throws {
      let folder = configuration.dropFirst("examples/".count).dropLast("/pup.json".count)
      let list = Files.text(Checkout.path("examples/README.md")) ?? ""
      #expect(list.contains("](\(folder))"), "\(folder)")
    }

    @Test("every key of the configuration that docs/migrating.md names exists") func keysOfTheMigrationPage() throws {
      let schema = Files.text(Checkout.path("pup.schema.json")) ?? ""
      let page = Files.text(Checkout.path("docs/migrating.md")) ?? ""
      var names: Set<String> = []
      // The second column of the tables that translate keys.
      for line in page.split(separator: "\n") where line.hasPrefix("| ") {
        let cells = line.split(separator: "|", omittingEmptySubsequences: false)
        guard cells.count > 3 else { continue }
        for (index, part) in cells[2].split(separator: "`", omittingEmptySubsequences: false).enumerated() where index % 2 == 1 {
          // `key` and `key: value`; the rest is commands, variables and the like.
          let name = part.prefix { $0.isLetter || $0 == "." }
          if name.count == part.count || part.dropFirst(name.count).first == ":" { names.insert(String(name)) }
        }
      }
      #expect(names.count > 20)
      for name in names {
        let last = name.split(separator: ".").last ?? ""
        #expect(schema.contains("\"\(last)\""), "`\(name)` is no key of the schema")
      }
    }
  }
}
