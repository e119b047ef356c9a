internal import Glibc

/// What Pup passes to a program in its environment: its id, and where and how to reach Pup.
struct ProgramEnvironment: Sendable {
  /// Why Pup cannot be reached, and what could be done about it.
  struct Absence: Error, Hashable, Sendable { var reason: String }

  static let names = ["PUP_PROCESS_ID", "PUP_API_HOSTNAME", "PUP_API_PORT", "PUP_API_TOKEN", "PUP_API_SOCKET"]

  var processId: String
  var address: String
  var token: String

  init(_ variables: [String: String]) throws(Absence) {
    func value(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }
    guard let processId = value("PUP_PROCESS_ID") else {
      throw Absence(reason: "this program does not run under Pup (PUP_PROCESS_ID is not set)")
    }
    guard let token = value("PUP_API_TOKEN") else {
      throw Absence(
        reason: "Pup gave this program no token (PUP_API_TOKEN is not set; \"apiToken\" in its configuration may be \"none\")")
    }
    if let host = value("PUP_API_HOSTNAME"), let port = value("PUP_API_PORT") {
      address = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]:\(port)" : "\(host):\(port)"
    } else if let socket = value("PUP_API_SOCKET") {
      address = "unix://\(socket)"
    } else {
      throw Absence(reason: "this Pup has no interface (PUP_API_PORT and PUP_API_SOCKET are not set)")
    }
    self.processId = processId
    self.token = token
  }

  /// The variables set by Pup in this process's environment.
  static func current() -> [String: String] {
    var variables: [String: String] = [:]
    for name in names {
      if let value = getenv(name) { variables[name] = String(cString: value) }
    }
    return variables
  }
}
