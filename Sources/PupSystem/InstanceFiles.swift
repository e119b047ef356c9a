/// The names of the files of a running instance; the process that ends it, brain or keeper, removes them.
package enum InstanceFiles {
  /// In the runtime folder.
  package static let runtime = ["instance", "state", "streams", "sinks", "events", upgrade, refusal, socket]
  /// In the temporary folder.
  package static let temporary = [pointer, port, socketPointer, socket]

  /// What the keeper reports about an upgrade that it did not carry out, or not completely; in the runtime folder.
  package static let upgrade = "upgrade"
  /// What the keeper reports if no supervisor is in charge, and none is started again; in the runtime folder.
  package static let refusal = "refusal"
  /// Names the runtime folder.
  package static let pointer = ".main.keep"
  /// The interface's TCP port, decimal.
  package static let port = ".main.port"
  /// The interface's unix socket; in the runtime folder if its path in the temporary one would be too long.
  package static let socket = "api.sock"
  /// Names the socket if it is not next to this file.
  package static let socketPointer = ".main.sock"
}
