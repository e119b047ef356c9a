import CSpawn
import Glibc
import PupCore
import PupSystem
import Testing

@testable import PupDaemon

/// Numbers that Swift and C, or the core and the protocol, have each in their own words.
@Suite struct SharedConstantsTests {
  private static let stages: [(SpawnStage, Int)] = [
    (.specification, PUP_STAGE_SPECIFICATION), (.pipe, PUP_STAGE_PIPE), (.clone, PUP_STAGE_CLONE), (.setsid, PUP_STAGE_SETSID),
    (.cgroup, PUP_STAGE_CGROUP), (.limits, PUP_STAGE_LIMITS), (.chdir, PUP_STAGE_CHDIR), (.descriptors, PUP_STAGE_DESCRIPTORS),
    (.exec, PUP_STAGE_EXEC), (.initProcess, PUP_STAGE_INIT),
  ].map { ($0, Int($1)) }

  @Test func theStagesOfASpawnAreThoseOfTheCCode() {
    for (stage, number) in Self.stages { #expect(Int(stage.rawValue) == number, "\(stage)") }
    // The keeper's own: no child reports them.
    let others = Set(SpawnStage.allCases).subtracting(Self.stages.map(\.0))
    #expect(others == [.refused, .watch])
    #expect(others.allSatisfy { Int($0.rawValue) > Int(PUP_STAGE_INIT) })
    #expect(Set(SpawnStage.allCases.map(\.word)).count == SpawnStage.allCases.count)
  }

  @Test func whatAChildReportsIsReadAsItWritesIt() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    var record = pup_spawn_error()
    (record.stage, record.error) = (UInt32(PUP_STAGE_CHDIR), ENOTDIR)
    let size = Int(PUP_FAILURE_HEAD)
    try #require(write(ends[1], &record, size) == size)
    #expect(StartFailure(report: ends[0]) == StartFailure("chdir", errno: ENOTDIR))
  }

  @Test func theScopesOfASignalAreThoseOfTheProtocol() {
    #expect(SignalScope.group.inProtocol.rawValue == 1)
    #expect(SignalScope.tree.inProtocol.rawValue == 2)
    #expect(SignalScope.outsideGroup.inProtocol.rawValue == 3)
    #expect(TreeScope.allCases.count == 3)
  }
}
