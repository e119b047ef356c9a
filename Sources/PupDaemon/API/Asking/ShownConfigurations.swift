internal import PupAPI
internal import PupConfig
internal import PupCore

/// The configuration of each process as listings show it: made when somebody asks for the first time, since it does not change
/// while this configuration is in force. Belongs to the control loop.
final class ShownConfigurations {
  private var shown: [ProcessID: JSONObject] = [:]

  /// - Parameter process: nil for one that the configuration does not name.
  func of(_ id: ProcessID, _ process: ProcessConfiguration?, in configuration: PupConfiguration?) -> JSONObject {
    if let known = shown[id] { return known }
    let made =
      process.map { process in
        process.shown(
          policy: PupConfiguration.policy(of: process), cluster: configuration?.clusters.first { $0.id == process.cluster?.id })
      } ?? JSONObject([("id", .string(id.text))])
    shown[id] = made
    return made
  }
}
