internal import PupAPI

/// Whether a request was meant for this server. A page in a browser whose name was rebound to this machine's address still sends
/// that name; an address cannot be rebound, so any address is fine.
package struct HostCheck: Sendable {
  private let names: Set<String>
  private let origins: Set<String>

  /// - Parameters:
  ///   - allowed: names besides `localhost`, such as a proxy's; without ports.
  ///   - origins: whose pages may call from a browser, as browsers write them: `https://panel.example.org:8443`.
  package init(allowed: [String], origins: [String] = []) {
    names = Set((allowed + ["localhost"]).map { $0.lowercased() })
    self.origins = Set(origins.map { $0.lowercased() })
  }

  /// The request's origin where it is one of those that were configured: the answer may then be read by its page.
  func sharedOrigin(_ headers: HTTPHeaders) -> String? {
    headers["origin"].flatMap { origins.contains($0.lowercased()) ? $0 : nil }
  }

  func check(_ request: HTTPRequest) throws(PupError) {
    let host = request.host
    guard isAllowed(host) || request.isOld && host.isEmpty && request.headers["host"] == nil else {
      throw PupError(.hostNotAllowed, "the name in the Host header is not one of this server's; add it to api.allowedHosts")
    }
    if let origin = request.headers["origin"], !origins.contains(origin.lowercased()) {
      let parts = origin.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 3, parts[1].isEmpty, parts[0] == "http:" || parts[0] == "https:",
        parts[2].lowercased() == host.lowercased() || names.contains(Self.name(of: String(parts[2])))
      else {
        throw PupError(.hostNotAllowed, "requests from pages of other origins are refused; add the origin to api.allowedOrigins")
      }
    }
  }

  private func isAllowed(_ host: String) -> Bool {
    let name = Self.name(of: host)
    if names.contains(name) { return true }
    if name.hasPrefix("["), name.hasSuffix("]") {
      return name.dropFirst().dropLast().utf8.allSatisfy { byte in
        byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".") || Character(Unicode.Scalar(byte)).isHexDigit
      }
    }
    let numbers = name.split(separator: ".", omittingEmptySubsequences: false)
    return numbers.count == 4 && numbers.allSatisfy { UInt8($0) != nil }
  }

  /// Without the port, in lower case.
  static func name(of host: String) -> String {
    let folded = host.lowercased()
    if folded.hasPrefix("["), let end = folded.firstIndex(of: "]") { return String(folded[...end]) }
    return String(folded.prefix { $0 != ":" })
  }
}
