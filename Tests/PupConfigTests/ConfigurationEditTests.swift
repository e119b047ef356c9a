import PupConfig
import Testing

/// Texts before and after an edit, for common layouts.
@Suite struct ConfigurationEditTests {
  private func append(_ text: String, id: String = "new") throws -> String {
    let process = AdHocOptions.example(id)
    return String(decoding: try ConfigurationEdit.append(process, to: Array(text.utf8)), as: UTF8.self)
  }

  private func remove(_ id: String, _ text: String) throws -> String {
    String(decoding: try ConfigurationEdit.remove(id, from: Array(text.utf8)), as: UTF8.self)
  }

  @Test func commentsAndFormattingStay() throws {
    let text = """
      // All of it.
      {
        $schema: './pup.schema.json', // for editors
        processes: [

          // The site.
          {
            id: 'web', // its name
            cmd: 'serve',
            autostart: true,
          },
          // {  id: 'off', cmd: 'x' },
        ], /* end */
        name: 'x',
      }
      """
    let appended = try append(text)
    #expect(
      appended == """
        // All of it.
        {
          $schema: './pup.schema.json', // for editors
          processes: [

            // The site.
            {
              id: 'web', // its name
              cmd: 'serve',
              autostart: true,
            },
            {
              id: 'new',
              cmd: 'run me',
              autostart: true,
            },
            // {  id: 'off', cmd: 'x' },
          ], /* end */
          name: 'x',
        }
        """)
    #expect(try remove("NEW", appended) == text)
    #expect(
      try remove("web", appended) == """
        // All of it.
        {
          $schema: './pup.schema.json', // for editors
          processes: [

            {
              id: 'new',
              cmd: 'run me',
              autostart: true,
            },
            // {  id: 'off', cmd: 'x' },
          ], /* end */
          name: 'x',
        }
        """)
  }

  @Test(
    arguments: [
      // Plain JSON, as tools write it.
      (
        "{\n    \"processes\": [\n        {\n            \"id\": \"a\",\n            \"cmd\": \"b\"\n        }\n    ]\n}\n",
        "{\n    \"processes\": [\n        {\n            \"id\": \"a\",\n            \"cmd\": \"b\"\n        },\n"
          + "        {\n            \"id\": \"new\",\n            \"cmd\": \"run me\",\n            \"autostart\": true\n"
          + "        }\n    ]\n}\n"
      ),
      // One process per line.
      (
        "{ processes: [\n\t{ id: 'a', cmd: 'b' }, // one\n\t{ id: 'c', cmd: 'd' } // two\n] }",
        "{ processes: [\n\t{ id: 'a', cmd: 'b' }, // one\n\t{ id: 'c', cmd: 'd' }, // two\n"
          + "\t{ id: 'new', cmd: 'run me', autostart: true }\n] }"
      ),
      // Adjoining brackets.
      (
        "{\n  processes: [{\n    id: \"a\",\n    cmd: \"b\"\n  }]\n}",
        "{\n  processes: [{\n    id: \"a\",\n    cmd: \"b\"\n  }, {\n    id: \"new\",\n    cmd: \"run me\",\n"
          + "    autostart: true\n  }]\n}"
      ),
      // One line, and the shortest text.
      (
        "{ processes: [{ id: 'a', cmd: 'b' }, { id: 'c', cmd: 'd' }] }",
        "{ processes: [{ id: 'a', cmd: 'b' }, { id: 'c', cmd: 'd' }, { id: 'new', cmd: 'run me', autostart: true }] }"
      ),
      (
        "{\"processes\":[{\"id\":\"a\",\"cmd\":\"b\"}]}",
        "{\"processes\":[{\"id\":\"a\",\"cmd\":\"b\"},{\"id\":\"new\",\"cmd\":\"run me\",\"autostart\":true}]}"
      ),
      // Empty lists.
      (
        "{\n  \"processes\": []\n}\n",
        "{\n  \"processes\": [\n    {\n      \"id\": \"new\",\n      \"cmd\": \"run me\",\n      \"autostart\": true\n    }\n  ]\n}\n"
      ),
      ("{ processes: [ ] }", "{ processes: [ { id: \"new\", cmd: \"run me\", autostart: true } ] }"),
      (
        "{\n  processes: [\n    // nothing yet\n  ],\n}",
        "{\n  processes: [\n    // nothing yet\n\n    {\n      id: \"new\",\n      cmd: \"run me\",\n      autostart: true,\n"
          + "    },\n  ],\n}"
      ),
      // Empty lines between the processes, CR LF, a byte order mark.
      (
        "\u{FEFF}{\r\n  processes: [\r\n    { id: 'a', cmd: 'b' },\r\n\r\n    { id: 'c', cmd: 'd' },\r\n  ],\r\n}\r\n",
        "\u{FEFF}{\r\n  processes: [\r\n    { id: 'a', cmd: 'b' },\r\n\r\n    { id: 'c', cmd: 'd' },\r\n\r\n"
          + "    { id: 'new', cmd: 'run me', autostart: true },\r\n  ],\r\n}\r\n"
      ),
      // No list at all.
      ("{ name: 'x' }", "{ name: 'x', processes: [{ id: 'new', cmd: 'run me', autostart: true }] }"),
      (
        "{\n  name: 'x', // c\n}\n",
        "{\n  name: 'x', // c\n  processes: [{ id: 'new', cmd: 'run me', autostart: true }],\n}\n"
      ),
    ])
  func aProcessIsAppendedInTheStyleOfTheFile(_ before: String, _ after: String) throws {
    #expect(try append(before) == after)
  }

  @Test(
    arguments: [
      (
        "{ processes: [{ id: 'a', cmd: '1' }, { id: 'b', cmd: '2' }, { id: 'c', cmd: '3' }] }", "a",
        "{ processes: [{ id: 'b', cmd: '2' }, { id: 'c', cmd: '3' }] }"
      ),
      (
        "{ processes: [{ id: 'a', cmd: '1' }, { id: 'b', cmd: '2' }, { id: 'c', cmd: '3' }] }", "b",
        "{ processes: [{ id: 'a', cmd: '1' }, { id: 'c', cmd: '3' }] }"
      ),
      (
        "{ processes: [{ id: 'a', cmd: '1' }, { id: 'b', cmd: '2' }, { id: 'c', cmd: '3' }] }", "c",
        "{ processes: [{ id: 'a', cmd: '1' }, { id: 'b', cmd: '2' }] }"
      ),
      ("{ processes: [{ id: 'a', cmd: '1' }] }", "a", "{ processes: [] }"),
      (
        "{\n  processes: [\n    { id: 'a', cmd: '1' }, // one\n    // of two\n    { id: 'b', cmd: '2' } // two\n  ]\n}", "b",
        "{\n  processes: [\n    { id: 'a', cmd: '1' } // one\n  ]\n}"
      ),
      (
        "{\n  processes: [\n    { id: 'a', cmd: '1' },\n\n    { id: 'b', cmd: '2' },\n\n    { id: 'c', cmd: '3' },\n  ]\n}", "b",
        "{\n  processes: [\n    { id: 'a', cmd: '1' },\n\n    { id: 'c', cmd: '3' },\n  ]\n}"
      ),
      (
        "{\n  processes: [\n    { id: 'a', cmd: '1' },\n\n    { id: 'b', cmd: '2' },\n\n    { id: 'c', cmd: '3' },\n  ]\n}", "a",
        "{\n  processes: [\n    { id: 'b', cmd: '2' },\n\n    { id: 'c', cmd: '3' },\n  ]\n}"
      ),
      (
        "{\n  processes: [\n    { id: 'a', cmd: '1' },\n\n    { id: 'b', cmd: '2' },\n  ]\n}", "b",
        "{\n  processes: [\n    { id: 'a', cmd: '1' },\n  ]\n}"
      ),
      // A comment after an empty line is about something else.
      (
        "{\n  processes: [\n    // All.\n\n    { id: 'a', cmd: '1' },\n    { id: 'b', cmd: '2' }\n  ]\n}", "a",
        "{\n  processes: [\n    // All.\n\n    { id: 'b', cmd: '2' }\n  ]\n}"
      ),
      (
        "{\n  processes: [{\n    id: 'a', cmd: '1'\n  }, {\n    id: 'b', cmd: '2'\n  }]\n}", "b",
        "{\n  processes: [{\n    id: 'a', cmd: '1'\n  }]\n}"
      ),
      (
        "{\n  processes: [{\n    id: 'a', cmd: '1'\n  }, {\n    id: 'b', cmd: '2'\n  }]\n}", "a",
        "{\n  processes: [{\n    id: 'b', cmd: '2'\n  }]\n}"
      ),
      (
        "{ processes: [/* a */ { id: 'a', cmd: '1' }, /* b */ { id: 'b', cmd: '2' }] }", "a",
        "{ processes: [/* b */ { id: 'b', cmd: '2' }] }"
      ),
      (
        "{ processes: [\n  { id: 'a', cmd: '1' } // x\n  , { id: 'b', cmd: '2' }\n] }", "b",
        "{ processes: [\n  { id: 'a', cmd: '1' } // x\n  \n] }"
      ),
    ])
  func aProcessIsRemovedWithWhatBelongsToIt(_ before: String, _ id: String, _ after: String) throws {
    #expect(try remove(id, before) == after)
  }

  @Test func wrongIdsAreSaid() {
    let text = "{ processes: [{ id: 'Web', cmd: 'x', cluster: { instances: 2 } }, { id: 'api', cmd: 'y' }] }"
    #expect(throws: ConfigurationEditError.duplicate(id: "wEB", taken: "Web")) { try append(text, id: "wEB") }
    #expect(throws: ConfigurationEditError.unknown(id: "apii", nearest: "api")) { try remove("apii", text) }
    #expect(throws: ConfigurationEditError.member(id: "web-2", cluster: "Web")) { try remove("web-2", text) }
    #expect(throws: ConfigurationEditError.noList) { try append("{ processes: {} }") }
    #expect(throws: ConfigurationEditError.noList) { try append("[]") }
    #expect(throws: ConfigurationEditError.self) { try append("{ processes: [ }") }
    #expect(throws: ConfigurationEditError.self) { try remove("a", "") }
  }

  @Test func errorsSayThatNothingWasChanged() {
    let errors: [ConfigurationEditError] = [
      .broken([]), .noList, .duplicate(id: "a", taken: "A"), .unknown(id: "a", nearest: "b"), .unknown(id: "a", nearest: nil),
      .member(id: "a-1", cluster: "a"), .unsafe("x"),
    ]
    for error in errors {
      let text = error.rendered(file: "x/pup.json")
      #expect(text.contains("x/pup.json") && text.contains("nothing was changed"))
    }
  }

  @Test func aNewFileCanBeLoadedAndAppendedTo() throws {
    let empty = ConfigurationEdit.new(nil)
    #expect(StubEnvironment().load(String(decoding: empty, as: UTF8.self)).errorCount == 0)
    let one = ConfigurationEdit.new(AdHocOptions.example("new"))
    #expect(try ConfigurationEdit.append(AdHocOptions.example("new"), to: empty) == one)
    #expect(try ConfigurationEdit.remove("new", from: one) == empty)
  }
}

extension AdHocOptions {
  static func example(_ id: String) -> OrderedValue {
    var options = AdHocOptions(.command("run me"))
    options.id = id
    options.autostart = true
    return options.processValue(directory: "/srv", environment: StubEnvironment())
  }
}
