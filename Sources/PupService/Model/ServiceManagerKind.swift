/// The service managers supported by Pup.
package enum ServiceManagerKind: String, CaseIterable, Sendable {
  case systemd, openrc, runit, upstart, sysvinit

  /// The official spelling.
  package var title: String {
    switch self {
    case .systemd: "systemd"
    case .openrc: "OpenRC"
    case .runit: "runit"
    case .upstart: "Upstart"
    case .sysvinit: "sysvinit"
    }
  }

  /// Whether it restarts Pup automatically.
  var restarts: Bool { self != .sysvinit }

  /// Whether unprivileged users can have their own services.
  package var hasUserServices: Bool { self == .systemd }
}
