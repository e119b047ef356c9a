import PupWeb
import Testing

@Suite("Framing of requests") struct RequestFramingTests {
  @Test(
    "cuts bytes into requests",
    arguments: [
      ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", ["GET /", "end"]),
      ("\r\nGET / HTTP/1.0\r\n\r\nGET /b HTTP/1.1\r\n\r\n", ["GET /", "end", "GET /b", "end"]),
      ("POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\n\r\n", ["POST /a", "abc", "end", "GET /", "end"]),
      (
        "POST /a HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nab\r\n0A\r\n0123456789\r\n00\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        ["POST /a", "ab0123456789", "end", "GET /", "end"]
      ), ("GET / HTTP/1.1\r\nHost", []), ("POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nab", ["POST /", "ab"]),
      ("GET / HTTP/1.1\nHost: a\r\n\r\nGET / HTTP/1.1\r\n\r\n", ["400"]), ("GET / HTTP/3\r\n", ["505"]),
      ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab", ["POST /", "a", "400"]),
      ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n00000000000000000", ["POST /", "413"]),
    ]) func cuts(_ text: String, _ expected: [String])
  {
    #expect(FuzzFraming.steps(of: Array(text.utf8), pieces: .max) == expected)
    #expect(FuzzFraming.steps(of: Array(text.utf8), pieces: 1) == expected)
    #expect(FuzzFraming.check(Array(text.utf8)) == [])
  }
}
