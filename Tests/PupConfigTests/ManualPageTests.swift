internal import Testing

@testable internal import PupConfig

@Suite struct ManualPageTests {
  private func body(_ fill: (inout ManualPage) -> Void) -> String {
    var page = ManualPage("x", section: 1, summary: "Do it.", version: "1", date: "2026-11-30")
    page.section("A")
    let head = page.text.count
    fill(&page)
    return String(page.text.dropFirst(head))
  }

  @Test("text that roff would read as a request, an escape or another character stands for itself") func escapes() {
    #expect(body { $0.paragraphs(".PP 'a' \\n --b~^\"") } == "\\&.PP \\(aqa\\(aq \\en \\-\\-b\\(ti\\(ha\\(dq\n")
    #expect(body { $0.paragraphs("'quoted'") } == "\\(aqquoted\\(aq\n")
    #expect(body { $0.literal(".x\n\ny") } == ".RS 4\n.EX\n\\&.x\n\ny\n.EE\n.RE\n")
  }

  @Test("backquotes mark code, which is not hyphenated; a single one is a character") func code() {
    #expect(body { $0.paragraphs("see `pup run` there") } == "see \\fB\\%pup \\%run\\fR there\n")
    #expect(body { $0.paragraphs("a ` b") } == "a \\(ga b\n")
  }

  @Test("the first paragraph after a heading needs no macro, the following ones do") func paragraphs() {
    #expect(body { $0.paragraphs("one\nline\n\ntwo") } == "one line\n.PP\ntwo\n")
    #expect(body { $0.entry("-x", "what") } == ".TP\n\\fB\\-x\\fR\nwhat\n")
  }

  @Test("headings, lists, tables and code of a Markdown page") func markdown() {
    let text = """
      ## What counts

      A [page](there.md) and
      a line.

      - one
        and more
      - two

      | a | b |
      |---|---|
      | `x`, y | what `z` is |

      ```sh
      .run
      ```
      """
    #expect(
      body { $0.markdown(text) } == """
        .SH "WHAT COUNTS"
        A page and a line.
        .IP \\(bu 3
        one and more
        .IP \\(bu 3
        two
        .TP
        \\fBx, y\\fR
        what \\fB\\%z\\fR is
        .PP
        .RS 4
        .EX
        \\&.run
        .EE
        .RE

        """)
  }

  @Test("apropos shows the NAME line") func name() {
    let page = ManualPage("pup-run", section: 1, summary: "Start programs.", version: "1", date: "2026-11-30")
    #expect(page.text.contains("\n.SH NAME\npup\\-run \\- start programs\n"))
  }

  @Test("every key of every object is in pup.json(5)") func keys() {
    let text = ConfigurationSchema.manual(version: "1", date: "2026-11-30")
    for object in [ConfigurationSchema.root, ConfigurationSchema.process, ConfigurationSchema.api, ConfigurationSchema.watcher] {
      for key in object.keys { #expect(text.contains(".TP\n\\fB\(key.name)\\fR\n"), "\(key.name)") }
    }
  }
}
