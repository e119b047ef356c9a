/// The method and path at which HTTP serves an operation.
package struct Route: Sendable {
  let method: HTTPMethod
  /// "/processes/{id}"
  let path: String
  let operation: Operation

  package init(_ method: HTTPMethod, _ path: String, _ operation: Operation) {
    self.method = method
    self.path = path
    self.operation = operation
  }
}
