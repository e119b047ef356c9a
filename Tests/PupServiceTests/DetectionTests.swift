internal import Glibc
import Testing

@testable import PupService

@Suite struct DetectionTests {
  private func find(_ folders: [String], first: String = "") throws -> ServiceManagerKind? {
    var found: ServiceManagerKind?
    try withFolder { root in
      for folder in folders + ["/proc/1"] { try #require(shell("mkdir", "-p", root + folder).code == 0) }
      if !first.isEmpty { try write(first + "\n", to: root + "/proc/1/comm") }
      found = ServiceManagerDetection.find(root: root)
    }
    return found
  }

  @Test func eachIsFound() throws {
    #expect(try find(["/run/systemd/system"], first: "systemd") == .systemd)
    #expect(try find(["/run/openrc/softlevel", "/etc/init.d"], first: "init") == .openrc)
    #expect(try find(["/etc/sv"], first: "runit") == .runit)
    #expect(try find(["/etc/init", "/sbin/initctl", "/etc/init.d"], first: "init") == .upstart)
    #expect(try find(["/etc/init.d"], first: "init") == .sysvinit)
  }

  /// systemd is installed in many containers, and runs in none of them.
  @Test func whatIsMerelyInstalledDoesNotCount() throws {
    #expect(try find(["/lib/systemd/system", "/etc/init.d", "/etc/sv"], first: "bash") == nil)
    #expect(try find([]) == nil)
  }

  @Test func stopJobs() {
    let jobs = "  12 app.service          stop    running\n 13 other.service restart waiting\n"
    #expect(StopRequest.containsStop(jobs, unit: "app.service"))
    #expect(StopRequest.containsStop(jobs, unit: "other.service"))
    #expect(!StopRequest.containsStop(jobs, unit: "p.service"))
    #expect(!StopRequest.containsStop("12 app.service start waiting\n", unit: "app.service"))
    #expect(!StopRequest.containsStop("", unit: "app.service"))
    for result in [nil, "success", "timeout"] { #expect(StopRequest.isMeant(unit: "x.service", isUser: false, result: result)) }
  }
}
