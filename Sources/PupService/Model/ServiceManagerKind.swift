/// The service managers that Pup can be installed in.
package enum ServiceManagerKind: String, CaseIterable, Sendable {
  case systemd, openrc, runit, upstart, sysvinit

  /// As its people write it.
  package var title: String {
    switch self {
    case .systemd: "systemd"
    case .openrc: "OpenRC"
    case .runit: "runit"
    case .upstart: "Upstart"
    case .sysvinit: "sysvinit"
    }
  }

  /// Whether it starts Pup again by itself when that ends.
  var restarts: Bool { self != .sysvinit }

  /// Whether an ordinary user can have services of their own.
  package var hasUserServices: Bool { self == .systemd }
}
