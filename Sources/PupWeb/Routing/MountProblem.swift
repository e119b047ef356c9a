/// Why additional routes cannot be served.
package struct MountProblem: Error, Hashable, CustomStringConvertible {
  /// "getHello (GET /hello/{name})"
  package let what: String
  package let reason: String

  package var description: String { "\(what) cannot be mounted: \(reason)" }
}
