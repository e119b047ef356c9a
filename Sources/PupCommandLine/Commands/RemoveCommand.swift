internal import PupConfig
internal import PupInstance

enum RemoveCommand {
  static let specification = CommandSpecification(
    name: "remove", summary: "Remove processes from the configuration.", usage: "NAME… [--config FILE]",
    description: """
      The process is removed with its comma, the comments on its lines, and those directly above it; everything else stays as it is. A running
      Pup keeps the configuration that it was started with, and the command says so.
      """,
    options: EditedConfiguration.optionsToRemove + [
      OptionSpecification("id", "I", value: "NAME", repeats: true, help: "the process (may be given several times)")
    ],
    examples: [("pup remove web", "remove the process web"), ("pup remove --id web", "the same")],
    takesProcesses: true,
    run: { arguments throws(UsageError) in
      var ids: [String] = []
      for id in arguments.all("id") + arguments.names where !ids.contains(where: { $0.lowercased() == id.lowercased() }) {
        ids.append(id)
      }
      guard !ids.isEmpty else { throw UsageError(message: "name a process: pup remove NAME") }
      return InstanceError.toExitCode { () throws(InstanceError) in
        let file = try EditedConfiguration(
          arguments, entersDirectory: EditedConfiguration.entersToRemove(arguments))
        var isUnknown = false
        do throws(InstanceError) {
          try file.change { (bytes) throws(ConfigurationEditError) in
            var bytes = bytes
            for id in ids {
              do throws(ConfigurationEditError) {
                bytes = try ConfigurationEdit.remove(id, from: bytes)
              } catch {
                if case .unknown = error { isUnknown = true }
                throw error
              }
            }
            return bytes
          }
        } catch {
          guard isUnknown else { throw error }
          Terminal.complain("pup: \(error.message)")
          return CommandFailure.unknownProcess
        }
        Terminal.print("\(file.path): \(ids.joined(separator: ", ")) removed\n")
        file.mentionRunningPup()
        return 0
      }
    })
}
