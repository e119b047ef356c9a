internal import Glibc
internal import PupBasics

/// Properties of the machine that determine where a service is installed.
package struct ServiceSurroundings: Hashable, Sendable {
  /// The folder of a user's systemd units.
  package var userUnits: String
  /// Where runit looks for services to run.
  package var runitServices: String
  /// The tool that registers a script in /etc/init.d.
  package var initRegistrar: Registrar

  package enum Registrar: Hashable, Sendable {
    /// Debian and its relatives.
    case updateRcD
    /// Red Hat and its relatives.
    case chkconfig
  }

  package init(userUnits: String = "", runitServices: String = "/etc/service", initRegistrar: Registrar = .updateRcD) {
    self.userUnits = userUnits
    self.runitServices = runitServices
    self.initRegistrar = initRegistrar
  }

  /// - Parameters:
  ///   - home: the home folder of the user units' owner.
  ///   - configHome: `$XDG_CONFIG_HOME`, which is used only if `home` is the user's own.
  ///   - root: "" for this machine; tests look at a folder instead.
  package static func look(home: String, configHome: String?, root: String = "") -> ServiceSurroundings {
    func exists(_ path: String) -> Bool { access(root + path, F_OK) == 0 }
    let base = configHome.flatMap { PathText.isAbsolute($0) ? $0 : nil } ?? home + "/.config"
    return ServiceSurroundings(
      userUnits: base + "/systemd/user",
      runitServices: ["/var/service", "/etc/service", "/service"].first(where: exists) ?? "/etc/service",
      initRegistrar: exists("/usr/sbin/update-rc.d") || !exists("/sbin/chkconfig") ? .updateRcD : .chkconfig)
  }
}
