internal import Glibc

/// The real systemd, as this machine has it installed; whether it runs here does not matter.
enum Systemd {
  /// What is missing of it, by Debian's package names.
  static let missingPackages: [String] = {
    let files: [(package: String, anyOf: [String])] = [
      ("systemd", ["/lib/systemd/systemd"]), ("dbus", ["/lib/systemd/system/dbus.service"]),
      ("dbus-user-session", ["/usr/lib/systemd/user/dbus.socket"]),
      (
        "libpam-systemd",
        [
          "/lib/x86_64-linux-gnu/security/pam_systemd.so", "/lib/i386-linux-gnu/security/pam_systemd.so",
          "/lib/security/pam_systemd.so",
        ]
      ),
    ]
    return files.filter { !$0.anyOf.contains { access($0, F_OK) == 0 } }.map(\.package)
  }()

  static let isInstalled = missingPackages.isEmpty
}
