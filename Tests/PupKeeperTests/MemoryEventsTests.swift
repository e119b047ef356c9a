import Testing

@testable import PupKeeper

@Suite struct MemoryEventsTests {
  @Test(arguments: [
    ("low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\noom_group_kill 0\n", true),
    ("low 0\nhigh 0\nmax 12\noom 1\noom_kill 0\noom_group_kill 1\n", true),
    ("low 0\nhigh 0\nmax 12\noom 3\noom_kill 0\noom_group_kill 0\n", false),
    // Linux before 5.17 has no oom_group_kill.
    ("low 0\nhigh 0\nmax 0\noom 0\noom_kill 2\n", true), ("", false), ("oom_kill\noom_kill x\noom_kill 1 2\n", false),
  ])
  func tellsWhetherTheKernelHasKilled(text: String, expected: Bool) {
    #expect(MemoryEvents(Array(text.utf8)).hasKilled == expected)
  }
}
