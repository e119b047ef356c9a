import Glibc
import PupAPI
import PupTestSupport
import Testing

@testable import PupRestClient

@Suite struct EndpointTests {
  @Test(arguments: [
    ("http://127.0.0.1:49152", "http://127.0.0.1:49152", nil), ("127.0.0.1:49152", "http://127.0.0.1:49152", nil),
    ("localhost:1", "http://localhost:1", nil), ("http://localhost", "http://localhost:80", nil),
    ("https://pup.example", "https://pup.example:443", nil), ("HTTPS://pup.example:8443/", "https://pup.example:8443", nil),
    ("https://example.org/pup/", "https://example.org:443/pup", nil), ("[::1]:49152", "http://[::1]:49152", nil),
    ("http://[fe80::1%25eth0]:80", "http://[fe80::1%25eth0]:80", nil),
    ("my_host-1.local:65535", "http://my_host-1.local:65535", nil),
    ("unix:///run/pup/api.sock", "http://localhost", "/run/pup/api.sock"), ("unix:///a", "http://localhost", "/a"),
  ])
  func addressesThatAreGood(_ address: String, _ base: String, _ socket: String?) throws {
    let endpoint = try Endpoint(address, environment: [:])
    #expect(endpoint.base == base)
    #expect(endpoint.socket == socket)
  }

  @Test(arguments: [
    "", " ", "localhost", "localhost:", "localhost:0", "localhost:65536", "localhost:+1", "localhost:x", ":80", "http://",
    "https://:1",
    "ftp://x:1", "file:///etc/passwd", "unix://relative", "unix://", "::1:80", "[::1", "[::1]x", "[]:1", "user:secret@host:80",
    "http://a b:1", "http://host:1/?a=b", "http://host:1/#x", "ho\nst:1", "ho\"st:1", "http://host:1\r\nX: y", "http://h{}:1",
    "unix:///" + String(repeating: "x", count: 200), "unix:///a\0b", "127.0.0.1:٣",
  ])
  func addressesThatAreNot(_ address: String) {
    let error = #expect(throws: PupError.self) { try Endpoint(address, environment: [:]) }
    #expect(error?.code == .invalidParameter)
    #expect(error?.message.contains(address) == true)
  }

  @Test(arguments: [
    "/My Project/api.sock", "/tab\there/s", "/100%/%20/s", "/a#b?c=d/s", "/quotes '\"`/s", "/line\nbreak\r/s", "/žluť 漢字 😀/s",
    "/back\\slash/$HOME/~/*/s", "/ leading", "/trailing ", "/a//b/../s", "/unix://x", "/@x:80",
    "/" + String(repeating: "x", count: 106),
  ]) func aPathIsAPath(_ path: String) throws {
    #expect(try Endpoint("unix://\(path)", environment: [:]).socket == path)
    let environment = ["PUP_API_SOCKET": path, "PUP_API_HOSTNAME": "127.0.0.1", "PUP_API_PORT": "49152"]
    #expect(try Endpoint("127.0.0.1:49152", environment: environment).socket == path)
  }

  /// Pups whose folders have long paths listen elsewhere, and record that there.
  @Test func aPathThatIsTooLongLeadsToTheOneThatIsUsed() throws {
    let temporary = try TemporaryFolder()
    let name = String(repeating: "y", count: 120)
    let folder = temporary.at(name)
    try temporary.makeDirectory(name, mode: 0o700)
    func point(_ text: String) throws { try temporary.write("\(name)/.main.sock", text) }
    try point("/run/my pup\n/api.sock\n")
    #expect(try Endpoint("unix://\(folder)/api.sock", environment: [:]).socket == "/run/my pup\n/api.sock")
    for text in ["", "relative\n", "/" + String(repeating: "z", count: 200)] {
      try point(text)
      let error = #expect(throws: PupError.self) { try Endpoint("unix://\(folder)/api.sock", environment: [:]) }
      #expect(error?.message.contains("at most 107 bytes") == true && error?.message.contains("--temp-dir") == true)
    }
  }

  @Test(arguments: [
    ("127.0.0.1:49152", true), ("http://127.0.0.1:49152", true), ("127.0.0.1:49153", false), ("localhost:49152", false),
    ("https://127.0.0.1:49152", false), ("unix:///other", false),
  ])
  func theSocketOfTheEnvironmentStandsForItsHostAndPort(_ address: String, _ isUsed: Bool) throws {
    let environment = ["PUP_API_SOCKET": "/run/pup/api.sock", "PUP_API_HOSTNAME": "127.0.0.1", "PUP_API_PORT": "49152"]
    #expect((try Endpoint(address, environment: environment).socket == "/run/pup/api.sock") == isUsed)
    #expect(try Endpoint("127.0.0.1:49152", environment: ["PUP_API_SOCKET": "/x"]).socket == nil)
    #expect(
      try Endpoint(
        "127.0.0.1:49152", environment: ["PUP_API_SOCKET": "", "PUP_API_HOSTNAME": "127.0.0.1", "PUP_API_PORT": "49152"]
      ).socket == nil)
  }

  @Test(arguments: [
    ("web-1", "web-1"), ("@x._~", "%40x._~"), ("a/b?c#d", "a%2Fb%3Fc%23d"), ("ä ", "%C3%A4%20"), ("..", "%2E%2E"), (".", "%2E"),
    ("", ""), ("\r\n", "%0D%0A"), ("%", "%25"),
  ])
  func segmentsStaySegments(_ text: String, _ encoded: String) {
    #expect(PercentEncoding.segment(text) == encoded)
  }

  @Test(arguments: ["a b", "a\n", "a\r\nX-Other: y", "tökén", "\0", String(repeating: "x", count: 9000)])
  func tokensThatAreNone(_ token: String) throws {
    #expect(throws: PupError.self) { try PupRestClient("localhost:1", token) }
    let client = try PupRestClient("localhost:1", "good")
    #expect(throws: PupError.self) { try client.refresh(token: token) }
    #expect(client.currentToken == "good")
  }
}
