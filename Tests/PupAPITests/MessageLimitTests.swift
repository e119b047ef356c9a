import PupAPI
import Testing

struct MessageLimitTests {
  @Test func aMessageIsNotAFile() {
    let long = String(repeating: "x", count: IPCMessage.longestData)
    func message(_ target: String, _ data: String) -> JSONValue {
      ["target": .string(target), "event": "e", "eventData": .string(data)]
    }
    #expect(throws: PupError(.invalidBody, "eventData must be at most 262144 bytes of JSON")) {
      try IPCMessage(json: message("t", long))
    }
    #expect(throws: PupError.self) { try IPCMessage(json: message(String(repeating: "t", count: 257), "")) }
    #expect((try? IPCMessage(json: message(String(repeating: "ä", count: 256), "short"))) != nil)
  }

  @Test func telemetryIsShownInEveryListingAndStaysShort() {
    func telemetry(_ cwd: String) -> JSONValue {
      ["sender": "web", "memory": ["external": 0, "heapTotal": 0, "heapUsed": 0, "rss": 0], "sent": "", "cwd": .string(cwd)]
    }
    #expect((try? ProcessTelemetry(json: telemetry("/"))) != nil)
    #expect(throws: PupError(.invalidBody, "cwd must be at most 4096 characters long")) {
      try ProcessTelemetry(json: telemetry(String(repeating: "x", count: 4097)))
    }
  }
}
