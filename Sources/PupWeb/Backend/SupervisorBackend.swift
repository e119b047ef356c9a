package import PupAPI

/// The supervisor itself.
package protocol SupervisorBackend: Sendable {
  func state(_ answer: @escaping @Sendable (ApplicationState) -> Void)
  /// - Parameter answer: why this instance does not serve yet or any more; nil when it does.
  func readiness(_ answer: @escaping @Sendable (PupError?) -> Void)
  /// Prometheus text of everything but the web server's own numbers; ends with a line feed.
  func metrics(_ answer: @escaping @Sendable (String) -> Void)
  /// Everything stops after this.
  /// - Parameter accepted: called once the wish is written down, so that a supervisor that takes over carries it out;
  ///   with what could not be written to disk, and is lost.
  func terminate(by consumer: String, accepted: @escaping @Sendable (_ loss: String?) -> Void)
  func reload(by consumer: String, answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void)
}
