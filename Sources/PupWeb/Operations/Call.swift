package import PupAPI
package import PupTokens

/// One call of an operation, over HTTP (`Exchange`) or any other channel. `answer` may be called once, from any thread;
/// everything else belongs to the loop's thread.
package protocol Call: AnyObject, Sendable {
  var services: OperationServices { get }
  /// The caller, once identified; nil for an operation that requires none.
  var principal: Principal? { get }
  /// Identifies the caller and remembers it. Called only if the operation requires a caller.
  func identify(with authorizer: Authorizer) throws(AuthenticationFailure) -> Principal
  /// JSON; empty for an operation that takes no body.
  var body: [UInt8] { get }
  /// The type of the body, in lower case; nil if it is not specified.
  var mediaType: String? { get }
  /// The value of a parameter that the operation declares, as text; nil if the call has none.
  func parameter(_ name: String) -> String?
  /// Called before a stream is opened.
  func checkStreamPlace() throws(PupError)
  /// Tells, from now on, whether the caller still waits for the answer.
  func watchClient() -> ClientPresence
  func answer(_ answer: CallAnswer)
}

extension Call {
  /// The integral part of a number.
  package func integer(_ name: String) -> Int64? { parameter(name).flatMap(OperationParameter.whole) }

  package func answer(data: some JSONEncodable, status: Int = 200) { answer(.content(.data(data, status: status))) }
  package func answer(_ error: PupError) { answer(.failure(error)) }

  // MARK: - Results of a backend

  /// Passes a backend's result to the caller.
  func answering<Value: JSONEncodable & Sendable>(status: Int = 200) -> @Sendable (Result<Value, PupError>) -> Void {
    services.onLoop { result in
      switch result {
      case .success(let value): self.answer(data: value, status: status)
      case .failure(let error): self.answer(error)
      }
    }
  }

  /// Reports success or the error to the caller.
  func acknowledging() -> @Sendable (PupError?) -> Void {
    services.onLoop { error in
      if let error { self.answer(error) } else { self.answer(data: ActionResult(.done)) }
    }
  }
}
