import PupTestSupport
import PupWeb
import Testing

@Suite("Request heads") struct RequestHeadTests {
  @Test(
    "find their route",
    arguments: [
      ("GET\n/healthz\nHTTP/1.1\nhost:localhost", "getHealth"), ("HEAD\n/state?x=%41\nHTTP/1.0\nhost:[::1]:5", "getState"),
      ("POST\n/processes/we%62/start?wait=5\nHTTP/1.1\nhost:10.0.0.1", "startProcess"),
      ("GET\nhttp://localhost/state\nHTTP/1.1\nhost:proxy.example", "getState"),
      ("GET\nhttp://proxy.example/state\nHTTP/1.1\nhost:localhost", "host_not_allowed"),
      ("GET\nHTTP://localhost?x=y\nHTTP/1.1\nhost:localhost", "not_found"),
      ("GET\n/state\nHTTP/1.1\nhost:localhost\nx:a\u{1}b", "invalid_request"),
      ("POST\n/log\nHTTP/1.0\nhost:localhost\ntransfer-encoding:chunked", "invalid_request"),
      ("GET\n/events\nHTTP/1.1\nhost:localhost\nlast-event-id:x", "invalid_parameter"),
      ("GET\n/events\nHTTP/1.1\nhost:localhost\nlast-event-id:", "readEvents"),
      ("POST\n/log\nHTTP/1.1\nhost:localhost\ncontent-type:application/json; charset=utf-8", "writeLog"),
      ("GET\n/processes/a%2Fb\nHTTP/1.1\nhost:localhost", "unknown_process"),
      ("GET\n/processes/../state\nHTTP/1.1\nhost:localhost", "not_found"),
      ("GET\n/Healthz/\nHTTP/1.1\nhost:localhost", "getHealth"), ("GET\n/\nHTTP/1.1\nhost:localhost", "not_found"),
      ("PATCH\n/state\nHTTP/1.1\nhost:localhost", "method_not_allowed"),
      ("GET\n/state\nHTTP/2.0\nhost:localhost", "invalid_request"),
      ("GET\n*\nHTTP/1.1\nhost:localhost", "invalid_request"), ("GE(\n/state\nHTTP/1.1\nhost:localhost", "invalid_request"),
      ("GET\n/state\nHTTP/1.1\nhost:", "host_not_allowed"), ("POST\n/log\nHTTP/1.1\nhost:localhost", "writeLog"),
      ("POST\n/log\nHTTP/1.1\nhost:localhost\ncontent-type:text/plain", "unsupported_media_type"),
    ])
  func routes(_ text: String, _ expected: String) { #expect(FuzzRequest.route(Array(text.utf8)) == expected) }

  @Test("damaged ones are refused, never more") func damaged() {
    var generator = SeededGenerator(seed: 37)
    func random(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }
    let whole = Array(
      "POST\n/processes/web/start?wait=5&x=%41+b\nHTTP/1.1\nhost:localhost:80\ncontent-length:4\norigin:http://a".utf8)
    var answers: Set<String> = []
    for _ in 0..<20_000 {
      var bytes = whole
      for _ in 0...random(4) {
        switch random(3) {
        case 0: bytes[random(bytes.count)] = UInt8(random(256))
        case 1: bytes.remove(at: random(bytes.count))
        default: bytes.insert(UInt8(random(256)), at: random(bytes.count))
        }
      }
      answers.insert(FuzzRequest.route(bytes))
    }
    #expect(answers.isSuperset(of: ["invalid_request", "host_not_allowed"]))
  }
}
