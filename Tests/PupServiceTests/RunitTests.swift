internal import Glibc
import Testing

@testable import PupService

extension RealManagers {
  /// The service folder under the real `runsv`.
  @Suite struct RunitTests {
    @Test(
      .enabled("needs runit's tools (scripts/service-managers.sh) and the release binaries") {
        RealPup.has("runit/usr/bin/runsv")
      },
      .timeLimit(.minutes(5)))
    func livesUnderRunsv() throws {
      try withFolder { folder in
        let pup = try RealPup(folder)
        defer { pup.cleanUp() }
        let service = folder + "/app"
        try #require(mkdir(service, 0o755) == 0)
        for (name, text) in [("run", RunitScripts.run(pup.definition)), ("finish", RunitScripts.finish(pup.definition))] {
          try ServiceInstaller.replace(ServiceFile("\(service)/\(name)", text, isExecutable: true))
        }
        let tools = RealPup.tools + "/runit/usr/bin"
        func sv(_ words: String...) -> Bool {
          ServiceCommand.run([tools + "/sv", "-w", "20"] + words + [service], seconds: 25).isSuccess
        }
        func stat() -> String { text(service + "/supervise/stat") ?? "" }
        let started = shell("sh", "-c", "setsid \"$0\" \"$1\" >\"$1.out\" 2>&1 & echo $!", tools + "/runsv", service)
        let runsv = try #require(Int32(started.output.split(separator: "\n").first ?? ""))
        defer { kill(runsv, SIGTERM) }
        try pup.wait("the first start") { pup.starts == 1 && pup.programs().count == 1 && pup.keeper != nil }
        let programs = pup.programs()
        try pup.wait("the greeting") { pup.log.contains("[greeting:stdout] it's \"$x\"") }

        // runsv starts the next one, which takes the programs over.
        let keeper = try #require(pup.keeper)
        kill(keeper, SIGKILL)
        try pup.wait("another keeper") { pup.log.contains(":takeover]") && pup.keeper != keeper }
        #expect(pup.programs() == programs && pup.starts == 1)

        // Killed while it stops: what is left is ended all the same.
        let stopping = try #require(pup.keeper)
        _ = shell(tools + "/sv", "-w", "0", "stop", service)
        try pup.wait("the wish to stop") { stat().contains("want down") }
        kill(stopping, SIGKILL)
        try pup.wait("the end") { pup.programs().isEmpty && stat().hasPrefix("down") }

        #expect(sv("start"))
        try pup.wait("the second start") { pup.starts == 2 && pup.keeper != nil }
        #expect(sv("stop"))
        #expect(pup.programs().isEmpty && pup.keeper == nil)

        // A configuration that cannot be used is not tried again and again.
        try write("{", to: pup.definition.configuration)
        _ = shell(tools + "/sv", "-w", "0", "start", service)
        try pup.wait("runsv to give up") {
          text(service + ".out")?.contains("nothing was started") == true && stat().hasPrefix("down")
        }
        #expect(sv("exit"))
      }
    }
  }
}
