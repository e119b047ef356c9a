import PupConfig
import PupCore
import Testing

@Suite struct ConfigurationLoadTests {
  @Test func tellsEveryProblemInOneGo() {
    let report = StubEnvironment().load(
      """
      {
        "name": "bad name",
        terminateTimout: 5, // a typo
        processes: [
          { id: "core", cmd: "foo", autostrat: true },
          { id: "a", cmd: "foo", restart: "sometimes", restartLimit: "3" },
          { id: "A", worker: ["script.py"], cmd: "foo" },
          { id: "b" },
        ],
      }
      """)
    #expect(report.configuration == nil)
    #expect(
      report.rendered() == """
        pup.json:2:11: error: `name` `bad name` has characters that are not allowed; use letters, digits and @ . _ - only
        pup.json:3:3: error: unknown key `terminateTimout`; did you mean `terminateTimeout`?
        pup.json:5:11: error: the id `core` has a meaning of its own in Pup; choose another one
        pup.json:5:31: error: unknown key `autostrat`; did you mean `autostart`?
        pup.json:6:37: error: `restart` cannot be "sometimes"; use "always" or "error"
        pup.json:6:64: error: `restartLimit` is text where a whole number is expected; remove the quotes
        pup.json:7:11: error: the id `A` is taken by processes[1].id (ids are compared without regard to case); choose another one
        pup.json:7:38: error: `processes[2]` has both `cmd` and `worker`; remove one of them
        pup.json:8:5: error: `processes[3]` has no `cmd` and no `worker`; add one of them

        """)
  }
}
