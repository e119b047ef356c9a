internal import PupAPI

/// Consumer names reserved for Pup's own tokens.
package enum ReservedConsumer {
  static func isReserved(_ consumer: String) -> Bool {
    let folded = ConsumerName.folded(consumer)
    return folded == "cli" || ["cli:", "telemetry-", "plugin:"].contains { folded.hasPrefix($0) }
  }

  /// Why no token can be issued to this consumer, and what to do instead; nil if one can.
  package static func problem(_ consumer: String) -> String? {
    guard isReserved(consumer) else { return nil }
    return "\"\(consumer)\" is reserved for Pup's own tokens; choose another name"
  }
}
