internal import Glibc
internal import PupBasics
internal import PupInstance
internal import PupService

/// Which service `enable-service` and `disable-service` are about.
struct ServiceTarget {
  var name: ServiceName
  var scope: ServiceScope
  /// Nil for root, and in a user's own service.
  var runAs: String?
  var manager: ServiceManagerKind
  var surroundings: ServiceSurroundings

  static let options = [
    OptionSpecification("name", "n", value: "NAME", help: "the service's name (default: the configuration's, or pup)"),
    OptionSpecification("system", help: "a service of the machine (default for root)"),
    OptionSpecification("user", help: "your own service (default for others); with a NAME: of the machine, run as that user"),
    OptionSpecification("home", value: "DIR", help: "the home in which your own service is installed, and its HOME"),
    OptionSpecification(
      "manager", value: "KIND", words: ServiceManagerKind.allCases.map(\.rawValue),
      help: "systemd, openrc, runit, upstart or sysvinit (default: the one that runs)"),
  ]

  /// What the command line says.
  struct Selection {
    var name: String?
    var scope: ServiceScope
    var runAs: String?
    var home: String?
    var manager: ServiceManagerKind?

    init(_ arguments: ParsedArguments) throws(UsageError) {
      name = arguments.value("name")
      home = arguments.value("home")
      if let home, !PathText.isAbsolute(home) { throw UsageError(message: "--home \(home): an absolute path is needed") }
      runAs = arguments.positional.first
      if let word = arguments.positional.dropFirst(arguments.has("user") ? 1 : 0).first {
        throw UsageError(message: "'\(word)' is not understood; name the user to run as with --user")
      }
      if arguments.has("system"), arguments.has("user"), runAs == nil {
        throw UsageError(message: "give either --system or --user, or both with the user to run as: --system --user NAME")
      }
      let isSystem = runAs != nil || arguments.has("system") || (!arguments.has("user") && geteuid() == 0)
      scope = isSystem ? .system : .user
      if let kind = arguments.value("manager") {
        guard let known = ServiceManagerKind(rawValue: kind.lowercased()) else {
          let all = ServiceManagerKind.allCases.map(\.rawValue).joined(separator: ", ")
          throw UsageError(message: "--manager \(kind): one of \(all) is needed")
        }
        manager = known
      }
    }
  }

  /// - Parameter isDryRun: what would be done can be told on a machine without a service manager too.
  init(_ selection: Selection, configurationName: String?, isDryRun: Bool = false) throws(InstanceError) {
    name = try ServiceName(selection.name ?? configurationName ?? "pup")
    scope = selection.scope
    manager = try Self.manager(selection.manager ?? ServiceManagerDetection.find(), isDryRun: isDryRun)
    if scope == .user, !manager.hasUserServices {
      throw InstanceError(
        .system,
        "\(manager.title) has no services of ordinary users; install one of the machine that runs as you: "
          + "sudo pup enable-service --system --user \(UserManager.userName ?? "NAME")")
    }
    if let user = selection.runAs {
      guard getpwnam(user) != nil else { throw InstanceError(.configuration, "--user \(user): there is no such user here") }
      runAs = user == "root" ? nil : user
    }
    let environment = ProcessEnvironment.current
    let own = getpwuid(geteuid()).map { String(cString: $0.pointee.pw_dir) }
    surroundings = ServiceSurroundings.look(
      home: selection.home ?? environment["HOME"] ?? own ?? "/",
      configHome: selection.home == nil ? environment["XDG_CONFIG_HOME"] : nil)
  }

  /// - Parameter known: chosen, or found here.
  static func manager(_ known: ServiceManagerKind?, isDryRun: Bool) throws(InstanceError) -> ServiceManagerKind {
    if let known { return known }
    guard isDryRun else {
      throw InstanceError(
        .system,
        "no service manager that Pup knows runs here: in a container let 'pup run' be the first process; for another machine see "
          + "--dry-run --manager KIND (\(ServiceManagerDetection.looked))")
    }
    Terminal.complain(
      "pup: no service manager that Pup knows runs here; what follows is for systemd (another: --manager KIND)")
    return .systemd
  }

  /// What a user's own service needs before its service manager can be asked anything.
  func prepare() throws(InstanceError) {
    guard scope == .user else { return }
    guard let runtime = UserManager.runtimeDirectory else {
      let user = UserManager.userName ?? "NAME"
      throw InstanceError(
        .system,
        "your own systemd does not run (no /run/user/\(geteuid())/systemd): log in as \(user) (su and sudo do not count as a login), or let root "
          + "run: loginctl enable-linger \(user)")
    }
    setenv("XDG_RUNTIME_DIR", runtime, 1)
  }
}
