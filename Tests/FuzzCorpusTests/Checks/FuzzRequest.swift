internal import PupAPI

@testable internal import PupWeb

/// The way of a request's head from bytes to a route, for fuzzers.
package enum FuzzRequest {
  private static let router = Router(RouteTable.groups)

  /// - Parameter bytes: lines: method, target, version, then `name:value` for each header. Anything must be answered, nothing may
  ///   crash.
  /// - Returns: the name of the route, or the code of the error.
  package static func route(_ bytes: [UInt8]) -> String {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    var headers = HTTPHeaders()
    for line in lines.dropFirst(3) {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      headers.append(String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
    }
    func line(_ index: Int) -> String { lines.indices.contains(index) ? String(lines[index]) : "" }
    let head = RequestHead(
      method: line(0), target: line(1), version: line(2), headers: headers, headerBytes: bytes.count)
    do throws(RequestRefusal) {
      _ = try head.body()
    } catch {
      return error.error.code.rawValue
    }
    do throws(PupError) {
      let request = try head.request(id: "", isLocal: false, limits: WebLimits())
      try HostCheck(allowed: []).check(request)
      let match = try router.match(method: request.method, segments: request.segments)
      let operation = match.route.operation
      try operation.checkParameters { request.value(of: $0, in: match.parameters) }
      try operation.checkBody(request.mediaType)
      return operation.name
    } catch {
      return error.code.rawValue
    }
  }
}
