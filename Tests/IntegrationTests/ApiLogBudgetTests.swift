internal import PupAPI
internal import Testing

extension Integration {
  /// Log queries that find more than one answer may hold.
  @Suite struct ApiLogBudgetTests {
    private static let count = 120
    private static let configuration = """
      { processes: [ { id: 'loud', autostart: true, restart: 'error',
          cmd: 'python3 -c "for i in range(\(count)): print(i, chr(120) * 60000)"' } ] }
      """

    @Test(.timeLimit(.minutes(5))) func anAnswerIsBoundedAndGoesOn() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("loud", "finished")
        try pup.wait(for: "\(Self.count - 1) x", in: "loud")
        var (found, answers, end) = (Set<Int>(), 0, "")
        repeat {
          let answer = try pup.call("GET", "/processes/loud/logs?nRows=1000&severity=log\(end)")
          #expect(answer.status == 200 && answer.body.utf8.count < 5_000_000)
          let json = try JSONValue(parsing: answer.body, limits: JSONLimits(bytes: 32 << 20))
          for line in json["data"]?.arrayValue ?? [] {
            if let number = line["text"]?.stringValue?.split(separator: " ").first.flatMap({ Int($0) }) { found.insert(number) }
          }
          answers += 1
          guard let limit = answer.headers["pup-truncated"] else { break }
          #expect(limit == "bytes" || limit == "time")
          end = "&endTimeStamp=\(answer.headers["pup-next-end"] ?? "")"
        } while answers < 50
        #expect(answers >= 2 && found.count == Self.count, "\(answers) answers, \(found.count) lines")
        // What is small is whole.
        let small = try pup.call("GET", "/processes/loud/logs?nRows=5")
        #expect(small.data.arrayValue?.count == 5 && small.headers["pup-truncated"] == nil)
        try pup.stop()
      }
    }
  }
}
