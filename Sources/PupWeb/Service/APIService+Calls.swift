internal import PupAPI

extension APIService {
  /// Serves a complete call that came over another channel than HTTP. Must be called on the loop's thread.
  /// - Parameter name: of the operation.
  package func serve(_ call: any Call, of name: String) {
    do throws(PupError) {
      guard let operation = router.operation(named: name) else {
        throw PupError(.notFound, "there is no operation \"\(name)\"; GET /openapi.json lists them")
      }
      try gate.admit(call, to: operation)
      try gate.perform(operation, for: call)
    } catch {
      call.answer(error)
    }
  }
}
