internal import PupBasics
internal import PupCore

extension ConfigurationBuilder {
  mutating func addProcess(_ reader: ObjectReader) {
    let id = ProcessID(reader.text("id") ?? "")
    let isNew = reader.node("id") == nil || takeID(id, at: reader.place(of: "id"), cluster: nil)
    var process = ProcessConfiguration(
      id: id, program: program(reader), workingDirectory: workingDirectory(reader))
    process.environment = reader.map("env")
    process.path = reader.text("path")
    process.pidFile = outputFile("pidFile", reader)
    process.apiToken = reader.text("apiToken").flatMap(APITokenKind.init(rawValue:)) ?? .telemetry
    process.log = processLog(reader.object("logger"))
    readSchedule(reader, into: &process)
    checkProgram(reader, process)
    if let cluster = reader.object("cluster") {
      if isNew { addMembers(of: process, cluster) }
    } else {
      configuration.processes.append(process)
    }
  }

  private func program(_ reader: ObjectReader) -> ProcessProgram {
    if let command = reader.text("cmd") { return .command(command) }
    return .worker(reader.texts("worker") ?? [])
  }

  private mutating func workingDirectory(_ reader: ObjectReader) -> String {
    guard let node = reader.node("cwd") else { return configuration.directory }
    let path = PathText.join(configuration.directory, document.text(of: node))
    if let problem = files.problemOfDirectory(path) { collector.report(.warning, at: node, problem.what, problem.fix) }
    return path
  }

  private mutating func readSchedule(_ reader: ObjectReader, into process: inout ProcessConfiguration) {
    process.autostart = reader.boolean("autostart") ?? false
    process.cron = cronSetting("cron", reader)
    process.terminate = cronSetting("terminate", reader)
    process.watch = watchPaths(reader)
    process.restart = reader.text("restart").flatMap(ProcessConfiguration.Restart.init(rawValue:))
    process.restartDelayMilliseconds = reader.integer("restartDelayMs")
    process.restartLimit = reader.integer("restartLimit").flatMap(Int.init(exactly:))
    let times = stopTimes(reader, inherited: global)
    process.terminateGracePeriod = times.gracePeriod
    process.terminateTimeout = times.timeout
    process.timeout = reader.seconds("timeout")
    process.overrun = reader.boolean("overrun") ?? false
    process.leftovers = reader.text("leftovers") == "keep" ? .keep : .kill
  }

  private mutating func watchPaths(_ reader: ObjectReader) -> [String] {
    (reader.nodes("watch") ?? []).map { node in
      let path = PathText.join(configuration.directory, document.text(of: node))
      if files.isActive, files.entry(at: path) == nil {
        collector.report(
          .warning, at: node, "`\(path)` does not exist", "create it, or correct the path; until then, no change is detected")
      }
      return path
    }
  }

  // MARK: - Ids

  private func line(of node: Int) -> Int {
    var locator = SourceLocator(document.bytes)
    return locator.locate(Int(document.nodes[node].start)).line
  }

  /// Returns whether the id was free; reports the problem if not.
  mutating func takeID(_ id: ProcessID, at node: Int, cluster: String?) -> Bool {
    if ["all", "core"].contains(id.folded) {
      collector.report(at: node, "the id `\(id)` is reserved by Pup", "choose another one")
      return false
    }
    guard let owner = takenIDs[id.folded] else {
      takenIDs[id.folded] = (node, cluster)
      return true
    }
    // Finding the other definition takes time, and the result would be discarded.
    if collector.isFull() {
      collector.report(at: node, "the id `\(id)` is taken", "choose another one")
      return false
    }
    if let cluster {
      collector.report(
        at: node, "the cluster `\(cluster)` needs the id `\(id)` for a member, but it is taken",
        "rename the cluster or the other process")
    } else if let other = owner.cluster {
      collector.report(at: node, "the id `\(id)` is taken by a member of the cluster `\(other)`", "choose another one")
    } else {
      collector.report(
        at: node,
        "the id `\(id)` is taken by \(document.keyPath(to: owner.node)) on line \(line(of: owner.node)) (ids are compared without regard to case)",
        "choose another one")
    }
    return false
  }
}
