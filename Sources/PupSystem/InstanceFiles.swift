/// The names of the files of a running instance; whoever ends it last, brain or keeper, removes them.
package enum InstanceFiles {
  /// In the runtime folder.
  package static let runtime = ["instance", "state", "streams", "sinks", "events", upgrade, refusal, socket]
  /// In the temporary folder.
  package static let temporary = [pointer, port, socketPointer, socket]

  /// What the keeper says of an upgrade that it did not make, or not wholly; in the runtime folder.
  package static let upgrade = "upgrade"
  /// What the keeper says where no supervisor is in charge, and none is started again; in the runtime folder.
  package static let refusal = "refusal"
  /// Names the runtime folder.
  package static let pointer = ".main.keep"
  /// The interface's TCP port, decimal.
  package static let port = ".main.port"
  /// The interface's unix socket; in the runtime folder where its path in the temporary one would be too long.
  package static let socket = "api.sock"
  /// Names the socket where it is not beside this file.
  package static let socketPointer = ".main.sock"
}
