extension ConfigurationSchema {
  /// The definition as pup.json(5).
  package static func manual(version: String, date: String) -> String {
    var page = ManualPage(
      "pup.json", section: 5, summary: "configuration of the process supervisor Pup", version: version, date: date)
    page.section("DESCRIPTION")
    page.paragraphs(introduction)
    page.paragraphs(
      "A key without a default here either has none or one that depends on other keys, which its description then states.")
    page.section("EXAMPLE")
    page.literal(
      """
      {
        // Comments and trailing commas are allowed.
        processes: [
          { id: "web", cmd: "python3 -m http.server 8000", autostart: true },
          { id: "backup", worker: ["backup.py"], cron: "0 3 * * *", timeout: 3600 },
        ],
      }
      """)
    add(root, titled: "TOP LEVEL", prefix: "", to: &page)
    page.markdown(notes)
    page.section("ENVIRONMENT OF A PROGRAM")
    page.paragraphs(environmentIntroduction)
    for (names, meaning) in environmentVariables { page.entry(names.joined(separator: ", "), meaning) }
    page.paragraphs(environmentEnd)
    page.section("SEE ALSO")
    page.paragraphs("`pup`(1), `pup-check`(1), `pup-run`(1), `pup-init`(1), `pup-append`(1)")
    return page.text
  }

  private static func add(_ object: SchemaObject, titled title: String, prefix: String, to page: inout ManualPage) {
    page.section(title)
    if let note = requirement(of: object) { page.paragraphs(note) }
    for key in object.keys {
      var facts = words(for: key.type)
      if key.isRequired { facts += "; required" } else if let value = key.defaultValue { facts += "; default `\(value)`" }
      page.entry(key.name, "(\(facts)) \(key.summary)")
    }
    for key in object.keys {
      guard let below = objectBelow(key.type) else { continue }
      let path = "\(prefix)\(key.name)\(below.suffix)"
      add(below.object, titled: path, prefix: "\(path).", to: &page)
    }
  }
}
