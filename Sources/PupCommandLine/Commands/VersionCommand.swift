internal import PupInstance

enum VersionCommand {
  static let specification = CommandSpecification(
    name: "version", summary: "Print the version.", usage: "", description: "", options: [], examples: [],
    run: { arguments throws(UsageError) in
      try arguments.refusePositional()
      Terminal.print("pup \(PupVersion.text)\n")
      return 0
    })
}
