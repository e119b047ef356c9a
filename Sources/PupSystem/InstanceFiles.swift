/// The names of the files of a running instance; whoever ends it last, brain or keeper, removes them.
package enum InstanceFiles {
  /// In the runtime folder.
  package static let runtime = ["instance", "state", "streams", "sinks", "events", socket]
  /// In the temporary folder.
  package static let temporary = [pointer, port, socketPointer, socket]

  /// Names the runtime folder.
  package static let pointer = ".main.keep"
  /// The interface's TCP port, decimal.
  package static let port = ".main.port"
  /// The interface's unix socket; in the runtime folder where its path in the temporary one would be too long.
  package static let socket = "api.sock"
  /// Names the socket where it is in the runtime folder.
  package static let socketPointer = ".main.sock"
}
