internal import PupAPI
internal import Testing

extension Integration {
  /// The configuration on disk is newer than what runs: whoever looks is told, with the way out.
  @Suite struct CliDriftTests {
    private static let configuration = "{ processes: [ { id: 'web', autostart: true, cmd: '\(Machine.child) --hold' } ] }"

    private func test(_ body: (Pup) throws -> Void) throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("web", "running")
        try body(pup)
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func everyCommandSaysIt() throws {
      try test { pup in
        #expect(try pup.command(["status"]).error.isEmpty)
        #expect(try pup.json("status", "--json").arrayValue?.first?["fileDiffers"] == false)
        let added = try pup.command(["append", "--id", "two", "-C", "true"])
        #expect(added.code == 0 && added.output == "pup.json: two added\n")
        #expect(
          added.error.contains("has changed since Pup started (added: two)")
            && added.error.contains("pup terminate, then pup run"))
        for words in [["start", "two"], ["restart", "TWO"], ["status", "two"]] {
          let result = try pup.command(words)
          #expect(result.code == 66 && result.output.isEmpty, "\(words)")
          #expect(result.error.contains("is in pup.json, but Pup was started before that"), "\(result.error)")
          #expect(result.error.contains("pup terminate, then pup run"))
        }
        let status = try pup.command(["status"])
        #expect(status.code == 0 && status.error.contains("added: two") && !status.output.contains("two"))
        #expect(try pup.json("status", "--json").arrayValue?.first?["fileDiffers"] == true)
        #expect(try pup.command(["start", "web"]).error.contains("added: two"), "what starts is what Pup knows")
        #expect(try pup.command(["remove", "two"]).error.isEmpty, "the file is again what runs")
        let removed = try pup.command(["remove", "web"])
        #expect(removed.error.contains("removed: web"))
        #expect(try pup.json("status", "--json").arrayValue?.first?["inFile"] == "removed")
      }
    }

    @Test(.timeLimit(.minutes(5))) func aTerminalHasItAboveTheTable() throws {
      try test { pup in
        try pup.configure(Self.configuration.replacingFirst("{ processes", with: "{ name: 'shop', processes"))
        let terminal = try Terminal()
        let child = try pup.background(["status"], terminal: terminal.path)
        try terminal.wait(for: "1 process: 1 running")
        #expect(child.wait(seconds: 5) == .exited(0))
        let screen = terminal.text
        #expect(screen.contains("Pup 0.") && screen.contains("http://127.0.0.1:") && screen.contains("\(pup.folder)/pup.json"))
        #expect(screen.contains("pup.json has changed since Pup started"))
      }
    }
  }
}

extension String {
  fileprivate func replacingFirst(_ part: String, with other: String) -> String {
    guard let range = firstRange(of: part) else { return self }
    return String(self[..<range.lowerBound]) + other + self[range.upperBound...]
  }
}
