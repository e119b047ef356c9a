/// Names that only Pup itself gives to tokens.
package enum ReservedConsumer {
  /// Why no token can be issued to this consumer, and the way out; nil where one can.
  package static func problem(_ consumer: String) -> String? {
    let folded = consumer.lowercased()
    guard folded == "cli" || folded.hasPrefix("cli:") || folded.hasPrefix("telemetry-") || folded.hasPrefix("plugin:") else {
      return nil
    }
    return "\"\(consumer)\" is a name that Pup gives to tokens of its own; choose another one"
  }
}
