internal import Glibc
internal import PupAPI
internal import PupTestSupport
internal import PupTokens

/// The interface of an instance, as its clients find it.
extension Pup {
  /// As named by `.main.sock`, if it is not next to the port file.
  var socketPath: String { Files.lines("\(temporary)/.main.sock").first ?? "\(temporary)/api.sock" }

  var port: UInt16 {
    get throws {
      guard let number = Files.number("\(temporary)/.main.port") else { throw Failure("no \(temporary)/.main.port") }
      return UInt16(clamping: number)
    }
  }

  /// One like those that `pup token` makes.
  func token(
    _ consumer: String = "operator", scopes: [TokenScope]? = nil, id: String? = nil, seconds: Int64 = 3600
  ) throws -> String {
    let secret = try TokenSecret.load(path: "\(data)/.main.secret")
    return WebToken(consumer: consumer, scopes: scopes, tokenID: id, expires: Int64(time(nil)) + seconds).signed(with: secret)
  }

  /// One request on a connection of its own, to the unix socket.
  /// - Parameter token: an operator's who may do everything, unless given.
  func call(
    _ method: String, _ path: String, token given: String? = nil, body: String? = nil, seconds: Double = 10
  ) throws -> WebAnswer {
    let connection = try WebConnection(path: socketPath, seconds: seconds)
    return try connection.request(method, path, token: try given ?? token(), body: body)
  }

  func act(_ action: String, _ id: String, wait: Int? = nil, by consumer: String = "operator") throws -> WebAnswer {
    let query = wait.map { "?wait=\($0)" } ?? ""
    return try call("POST", "/processes/\(id)/\(action)\(query)", token: token(consumer), seconds: Double(10 + (wait ?? 0)))
  }

  /// The member `status` of a process.
  func information(_ id: String) throws -> JSONValue {
    let answer = try call("GET", "/processes/\(id)")
    guard answer.status == 200, let status = answer.data["status"] else { throw Failure("GET /processes/\(id): \(answer)") }
    return status
  }

  func history(_ id: String) throws -> [JSONValue] {
    let answer = try call("GET", "/processes/\(id)/history")
    guard answer.status == 200, let entries = answer.data.arrayValue else {
      throw Failure("GET /processes/\(id)/history: \(answer)")
    }
    return entries
  }

  /// - Parameter query: "?types=…", or nothing.
  func events(_ query: String = "", token given: String? = nil, after id: String? = nil) throws -> EventFeed {
    try EventFeed(WebConnection(path: socketPath), "/events\(query)", token: given ?? token(), after: id)
  }
}
