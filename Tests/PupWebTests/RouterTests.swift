import Glibc
import PupAPI
import PupSystem
import PupTokens
import Synchronization
import Testing

@testable import PupWeb

@Suite("Routes that come and go", .timeLimit(.minutes(5))) struct RouterTests {
  /// As a plugin would have it.
  private static func greeting(
    _ name: String = "getGreeting", _ path: String = "/hello/greeting", method: HTTPMethod = .get,
    resource: ResourceRule = .instance, _ parameters: [OperationParameter] = []
  ) -> Route {
    Route(
      method, path,
      Operation(
        name: name, summary: "Greets.", permissions: [.plugins], resource: resource, parameters: parameters,
        answer: .init(summary: "The greeting.")
      ) { (call) throws(PupError) in
        call.answer(data: ActionResult(.done))
      })
  }

  private static func group(_ routes: Route...) -> RouteGroup { RouteGroup(tag: "hello", summary: "Greets.", routes: routes) }

  @Test("Pup's own routes are sound, and none hides another") func own() throws {
    let router = try RouteTable.groups.reduce(Router([])) { router, group in try router.mounting(group) }
    #expect(router.groups.map(\.tag) == RouteTable.groups.map(\.tag))
    for route in RouteTable.all {
      let segments = route.path.dropFirst().split(separator: "/").map { $0.hasPrefix("{") ? "x" : String($0) }
      #expect(try router.match(method: route.method.rawValue, segments: segments).route.operation.name == route.operation.name)
    }
  }

  private static let name = OperationParameter("name", .pattern("^.*$"), "Whom.", in: .path)

  @Test(
    "what is not sound, or takes what another one has, is refused with its reason",
    arguments: [
      (greeting("getState"), "getState (GET /state) has the same name"),
      (greeting("other", "/processes/{name}", [name]), "getProcess (GET /processes/{id}) takes the same requests"),
      (greeting("other", "/{name}/logs", [name]), "must begin with a word"),
      (greeting("other", "hello"), "a path is / and words"), (greeting("other", "/hello/"), "a path is / and words"),
      (greeting("other", "/Hello"), "a path is / and words"), (greeting("other", "/hello//x"), "a path is / and words"),
      (greeting("other", "/hello/{}"), "a path is / and words"),
      (greeting("other", "/hello/{name}/{name}", [name, name]), "twice in its path"),
      (greeting("other", "/hello/{name}"), #"has the parameters "name", and it declares none"#),
      (greeting("other", "/hello", [name]), #"has the parameters none, and it declares "name""#),
      (greeting("other", "/hello", resource: .plugin), #"named by "plugin""#),
    ])
  func refused(_ route: Route, _ reason: String) throws {
    let router = Router(RouteTable.groups)
    let problem = try #require(throws: MountProblem.self) { try router.mounting(Self.group(Self.greeting(), route)) }
    #expect("\(problem)".hasPrefix("\(route.operation.name) (GET \(route.path)) cannot be mounted: "))
    #expect(problem.reason.contains(reason), "\(problem)")
  }

  @Test("two routes of one path, with methods of their own, go together; two groups of one name do not") func together() throws {
    let router = try Router(RouteTable.groups).mounting(
      Self.group(Self.greeting(), Self.greeting("greet", method: .post)))
    #expect(router.methods(of: ["hello", "greeting"]) == ["GET", "HEAD", "POST"])
    #expect(throws: MountProblem.self) { try router.mounting(Self.group()) }
  }

  @Test("other routes are served at once, and what is under way ends as it began") func replaced() throws {
    let server = try TestServer()
    defer { server.stop() }
    let service = server.server.service
    let token = server.token()
    func status(_ method: String, _ path: String) throws -> Int { try server.request(method, path, token: token).status }
    func requests(_ route: String, _ status: Int) throws -> Bool {
      let text = try server.request("GET", "/metrics", token: token).body
      return text.contains("pup_http_requests_total{route=\"\(route)\",status=\"\(status)\"} 1\n")
    }
    #expect(try status("GET", "/hello/greeting") == 404)

    // One whose answer is being worked on, and one whose body has not come.
    server.backend.content.withLock { $0.isHolding = true }
    let acting = try server.connect()
    defer { acting.close() }
    try acting.send("POST /processes/web/start HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n\r\n")
    let deadline = Clock.boot + 20_000_000_000
    while server.backend.content.withLock({ $0.held.isEmpty }), Clock.boot < deadline { sched_yield() }
    let body = #"{"severity":"info","plugin":"p","message":"m"}"#
    let writing = try server.connect()
    defer { writing.close() }
    let head = "Host: localhost\r\nAuthorization: Bearer \(token)\r\nExpect: 100-continue\r\nContent-Length: \(body.utf8.count)"
    try writing.send("POST /log HTTP/1.1\r\n\(head)\r\n\r\n")
    #expect(try writing.head().status == 100)

    try server.onLoop { _ in
      let kept = RouteTable.groups.filter { $0.tag == "service" }
      service.router = try Router(kept).mounting(Self.group(Self.greeting()))
    }
    #expect(try status("GET", "/hello/greeting") == 200)
    #expect(try status("POST", "/hello/greeting") == 405)
    #expect(try server.request("GET", "/hello/greeting", token: server.token(scopes: [.read])).status == 403)
    #expect(try status("GET", "/processes") == 404)
    let paths = try server.request("GET", "/openapi.json").json?["paths"]?.objectValue?.names
    #expect(paths == ["/healthz", "/readyz", "/metrics", "/openapi.json", "/hello/greeting"])

    for answer in server.backend.content.withLock({ $0.held }) { answer(.success(ActionResult(.done))) }
    #expect(try acting.response().status == 200)
    try writing.send(body)
    #expect(try writing.response().status == 201)
    #expect(server.backend.content.withLock { $0.submissions.count } == 1)
    // The same connection comes to the new routes with its next request.
    try writing.send("POST /log HTTP/1.1\r\n\(head)\r\n\r\n")
    #expect(try writing.response().status == 404)

    // What was counted before stays, what was under way is counted under its own name, and what comes again goes on.
    #expect(try requests("startProcess", 200))
    #expect(try requests("writeLog", 201))
    try server.onLoop { _ in service.router = Router(RouteTable.groups) }
    #expect(try status("GET", "/hello/greeting") == 404)
    #expect(try requests("getGreeting", 200))
    #expect(try requests("getGreeting", 403))
    #expect(try status("GET", "/processes") == 200)
  }

  @Test("no request is lost or answered twice while routes are replaced all the time") func crowd() throws {
    let server = try TestServer()
    defer { server.stop() }
    let service = server.server.service
    let routers = [Router(RouteTable.groups), try Router(RouteTable.groups).mounting(Self.group(Self.greeting()))]
    let client = try server.connect()
    defer { client.close() }
    let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for turn in 0..<100 {
      // Some are read before the change, some behind it.
      try client.send(String(repeating: request, count: 10))
      server.loop.post { service.router = routers[turn % 2] }
      for _ in 0..<10 { #expect(try client.response().status == 200) }
    }
    let text = try server.request("GET", "/metrics", token: server.token()).body
    #expect(text.contains("pup_http_requests_total{route=\"getHealth\",status=\"200\"} 1000\n"))
  }
}
