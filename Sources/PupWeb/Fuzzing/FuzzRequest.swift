internal import PupAPI

/// The way of a request's head from bytes to a route, for fuzzers.
package enum FuzzRequest {
  /// - Parameter bytes: lines: method, target, version, then `name:value` for each header. Anything must be answered, nothing may crash.
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
      method: line(0), target: line(1), version: line(2), headers: headers, isRegular: !bytes.contains(0),
      headerBytes: bytes.count)
    do throws(PupError) {
      let request = try head.request(id: "", isLocal: false, limits: WebLimits())
      try HostCheck(allowed: []).check(request)
      let match = try RouteTable.match(method: request.method, segments: request.segments)
      try match.route.checkParameters(match.parameters, request)
      try match.route.checkBody(request)
      return match.route.name
    } catch {
      return error.code.rawValue
    }
  }
}
