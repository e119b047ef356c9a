internal import PupAPI

/// Names that only Pup itself gives to tokens.
package enum ReservedConsumer {
  static func isReserved(_ consumer: String) -> Bool {
    let folded = ConsumerName.folded(consumer)
    return folded == "cli" || ["cli:", "telemetry-", "plugin:"].contains { folded.hasPrefix($0) }
  }

  /// Why no token can be issued to this consumer, and the way out; nil where one can.
  package static func problem(_ consumer: String) -> String? {
    guard isReserved(consumer) else { return nil }
    return "\"\(consumer)\" is a name that Pup gives to tokens of its own; choose another one"
  }
}
