internal import PupSystem
internal import PupWeb

/// A socket that listens, kept by the keeper while brains come and go, so that no connection in its backlog is lost.
struct ListeningPlace: Sendable {
  /// Names in the keeper's store.
  static let local = "api.unix"
  static let network = "api.tcp"

  /// For people: "127.0.0.1:49152", "/run/pup/….sock".
  var address: String
  var descriptor: Descriptor
  var isLocal: Bool
  var certificate: TLSCertificate?

  var name: String { isLocal ? Self.local : Self.network }
}
