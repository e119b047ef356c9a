internal import Glibc
import Testing

@testable import PupService

extension RealManagers {
  /// The script for /etc/init.d, run as init would.
  @Suite struct SysVInitTests {
    @Test(
      .enabled("needs the release binaries (make build)") { access(RealPup.binaries + "/pup", X_OK) == 0 },
      .timeLimit(.minutes(5)))
    func startsAndStops() throws {
      try withFolder { folder in
        let pup = try RealPup(folder)
        defer { pup.cleanUp() }
        let script = folder + "/script"
        try ServiceInstaller.replace(ServiceFile(script, SysVInitScript.text(pup.definition), isExecutable: true))
        func call(_ word: String) -> (code: Int32?, output: String) { shell(script, word, seconds: 40) }

        #expect(call("status").code == 3)
        let start = call("start")
        #expect(start.code == 0 && start.output.contains("started (pid"), "\(start)")
        try pup.wait("the first start") { pup.starts == 1 && pup.programs().count == 1 }
        #expect(call("status").code == 0)
        #expect(call("start").output.contains("already running"))
        let programs = pup.programs()

        // Nobody starts Pup again here but Pup itself, and the script knows the new one.
        let keeper = try #require(pup.keeper)
        kill(keeper, SIGKILL)
        try pup.wait("another keeper") { pup.keeper != keeper && call("status").code == 0 }
        #expect(pup.programs() == programs && pup.starts == 1)
        #expect(call("status").output.contains("pid \(pup.keeper ?? 0)"))
        let reload = call("reload")
        #expect(reload.code == 3 && reload.output.contains("restart"), "no success where nothing is reloaded: \(reload)")

        let stop = call("stop")
        #expect(stop.code == 0, "\(stop)")
        #expect(pup.programs().isEmpty && pup.keeper == nil)
        #expect(call("status").code == 3)
        #expect(call("stop").code == 0)
        #expect(call("nonsense").code == 2)

        try write("{", to: pup.definition.configuration)
        let broken = call("start")
        #expect(broken.code == 6 && broken.output.contains("never closed"), "\(broken)")
      }
    }
  }
}
