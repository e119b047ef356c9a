internal import Glibc
internal import Testing

extension Integration {
  /// The five minutes of the README, word for word.
  @Suite struct ReadmeTourTests {
    @Test(
      .timeLimit(.minutes(5)),
      .enabled(if: Checkout.isReadable, Checkout.unreadable))
    func everyBlockRuns() throws {
      let blocks = Self.blocks()
      #expect(blocks.count == 6)
      try Pup.test { pup in
        // The real supervisor, as it is installed.
        pup.environment["PUP_LIBEXEC"] = nil
        pup.environment["PATH"] = "\(Machine.binaries):\(pup.environment["PATH"] ?? "")"
        // One shell for all, as a person has; it ends at the first command that fails.
        let script = (["set -eu"] + blocks + ["wait", "echo the tour is over"]).joined(separator: "\n") + "\n"
        try Files.write(script, to: pup.path("tour.sh"))
        let shell = try pup.background(program: ["sh", "tour.sh"], output: "tour")
        let ending = shell.wait(seconds: 45)
        let output = (Files.text(pup.path("tour")) ?? "") + (Files.text(pup.path("tour.err")) ?? "")
        #expect(ending == .exited(0), "\(output)")
        let expected = [
          "good, 3 processes", "web: restarted", "ticker: stopped", "saved", "a new supervisor took over", "\"pid\":",
          "lacks the scope", "has ended", "the tour is over",
        ]
        for words in expected { #expect(output.contains(words), "\(words)\n\(output)") }
      }
    }

    /// The code blocks that are marked as parts of the tour.
    private static func blocks() -> [String] {
      let text = Files.text(Checkout.path("README.md")) ?? ""
      return text.split(separator: "\n```sh tour\n", omittingEmptySubsequences: false).dropFirst().map { rest in
        rest.split(separator: "\n```", maxSplits: 1).first.map(String.init) ?? ""
      }
    }
  }
}
