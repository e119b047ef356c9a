internal import Glibc
internal import PupTestSupport
internal import Testing

extension Integration {
  /// Names that are not UTF-8. Linux takes them, and no configuration can hold them.
  @Suite struct StrangeBytesTests {
    /// The shell writes the byte: no string of the test can.
    private func run(_ pup: Pup, _ line: String) throws -> (code: String, error: String) {
      let script = "latin=$(printf 'lat\\351'); mkdir -p \"$latin\"; cp pup.json \"$latin\"; \(line) 2>error; echo $? >code"
      let shell = try pup.background(program: ["sh", "-c", script])
      #expect(shell.wait(seconds: 20) == .exited(0))
      return (Files.lines(pup.path("code")).first ?? "", Files.text(pup.path("error")) ?? "")
    }

    @Test(.timeLimit(.minutes(5))) func areRefusedByName() throws {
      try Pup.test("{ processes: [] }") { pup in
        let command = "\(Machine.binaries)/pup"
        let argument = try run(pup, "\(command) check --config \"$latin/pup.json\"")
        #expect(argument.code == "64" && argument.error.contains("bytes that are not UTF-8"), "\(argument)")
        let folder = try run(pup, "(cd \"$latin\" && \(command) check)")
        #expect(folder.code == "65" && folder.error.contains("working directory"), "\(folder)")
        #expect(folder.error.contains("rename that folder"))
      }
    }
  }
}
