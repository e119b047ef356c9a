/// A plan as a shell script: shown by `--dry-run`, and for a person (or root) to run instead.
package enum ManualSteps {
  package static func installation(_ plan: ServicePlan) -> String {
    var text = ""
    for folder in folders(plan) { text += ShellText.line(["mkdir", "-p", folder]) + "\n" }
    for file in plan.files {
      let end = delimiter(file.content)
      text += "cat >\(ShellText.quote(file.path)) <<'\(end)'\n\(file.content)\(end)\n"
      text += ShellText.line(["chmod", String(file.mode, radix: 8), file.path]) + "\n"
    }
    for link in plan.links { text += ShellText.line(["ln", "-s", link.target, link.path]) + "\n" }
    for step in plan.enable { text += step.text + "\n" }
    return text
  }

  package static func removal(_ plan: ServicePlan) -> String {
    var text = ""
    for step in plan.disable { text += step.text + "\n" }
    for link in plan.links { text += ShellText.line(["rm", "-f", link.path]) + "\n" }
    text += ShellText.line(plan.folder.map { ["rm", "-rf", $0] } ?? ["rm", "-f"] + plan.files.map(\.path)) + "\n"
    for step in plan.forget { text += step.text + "\n" }
    return text
  }

  private static func folders(_ plan: ServicePlan) -> [String] {
    var folders: [String] = []
    for file in plan.files {
      let folder = ServiceInstaller.parent(of: file.path)
      if !folders.contains(folder) { folders.append(folder) }
    }
    return folders
  }

  /// A delimiter line that does not occur in the content.
  private static func delimiter(_ content: String) -> String {
    let lines = Set(content.split(separator: "\n"))
    var end = "END"
    while lines.contains(Substring(end)) { end += "_" }
    return end
  }
}
