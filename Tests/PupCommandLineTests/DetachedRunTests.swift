import Testing

@testable import PupCommandLine

@Suite struct DetachedRunTests {
  @Test(arguments: [
    ("one\ntwo\nthe reason", ["one\ntwo"], "the reason"), ("one\ntwo\nthe reason", ["one\n", "two"], "the reason"),
    ("one\nthe reason\nmore", ["one"], "the reason\nmore"), ("one", ["one"], ""), ("", [], ""), ("the reason", [], "the reason"),
    // It may have seen something else than the command that started it.
    ("two\nthe reason", ["one"], "two\nthe reason"), ("ones\nthe reason", ["one"], "ones\nthe reason"),
  ])
  func warningsAreReadOnce(said: String, warnings: [String], news: String) {
    #expect(DetachedRun.news(in: said, after: warnings) == news)
  }
}
