package import PupAPI

/// What programs report and send.
package protocol MessageBackend: Sendable {
  /// - Parameter answer: `unknownProcess` where the sender is no process.
  func receive(_ telemetry: ProcessTelemetry, answer: @escaping @Sendable (PupError?) -> Void)
  func send(_ message: IPCMessage)
}
