internal import PupWeb

/// A socket that listens, kept by the keeper while brains come and go, so that no connection in its backlog is lost.
struct ListeningPlace: Sendable {
  /// For the keeper's store and for people: "tcp 127.0.0.1:49152", "unix /run/pup/….sock".
  var name: String
  var descriptor: Int32
  var isLocal: Bool
  var certificate: TLSCertificate?
}
