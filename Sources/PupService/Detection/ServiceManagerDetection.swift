internal import Glibc
internal import PupSystem

/// Finds the service manager that runs this machine, as opposed to one that is merely installed.
package enum ServiceManagerDetection {
  /// - Parameter root: "" for this machine; tests look at a folder instead.
  package static func find(root: String = "") -> ServiceManagerKind? {
    func exists(_ path: String) -> Bool { access(root + path, F_OK) == 0 }
    // sd_booted(3)
    if exists("/run/systemd/system") { return .systemd }
    if exists("/run/openrc/softlevel") { return .openrc }
    let first = ProcFiles.read(root + "/proc/1/comm").map { String(decoding: $0.prefix { $0 != 10 }, as: UTF8.self) }
    switch first {
    case "runit": return .runit
    // Both are called "init"; Upstart has a folder of jobs, and its initctl is a program (sysvinit's is a pipe).
    case "init" where exists("/etc/init") && exists("/sbin/initctl"): return .upstart
    case "init" where exists("/etc/init.d"): return .sysvinit
    default: return nil
    }
  }

  package static let looked =
    "looked for systemd (/run/systemd/system), OpenRC (/run/openrc), and runit, Upstart or sysvinit as the first process"
}
