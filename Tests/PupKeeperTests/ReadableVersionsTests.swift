import PupBasics
import PupSystem
import Testing

@testable import PupKeeper

/// What programs answer to `--check`, and which of them fit.
@Suite struct ReadableVersionsTests {
  private static let now = FormatVersion(written: 1, needed: 1)

  private func keeper(_ words: String) throws -> ReadableVersions { try #require(ReadableVersions(words, of: "pup-keeper")) }

  @Test func whatThisBuildPrintsIsRead() throws {
    let reads = try keeper(ProgramCheck.Program.keeper.answer)
    #expect(reads.own == KeeperMemory.format.versions)
    let messages = ProtocolFormat.messages.current.written
    #expect(
      reads.objection(agreed: messages, written: ProtocolFormat.specification.current, ledger: StreamLedger.format.current) == nil
    )
    #expect(ProgramCheck.Program.keeper.verdict(on: ProgramCheck.Program.keeper.answer) == .passed(reads))
  }

  @Test func aProgramIsUsedWhereItReadsWhatThisKeeperWrites() {
    let keeper = ProgramCheck.Program.keeper
    #expect(keeper.answer == "pup-keeper 1 1 messages 1 1 specification 1 1 streams 1 1")
    guard case .failed(let reason) = keeper.verdict(on: "pup-keeper 2 3") else {
      Issue.record("it is used")
      return
    }
    #expect(reason.contains("reads the state of the keeper in versions 2 to 3"))
  }

  @Test(arguments: ["pup-keeper 1 2", "pup-keeper 1 2\n", "pup-keeper 1 2 \r\n", "pup-keeper 1 2 and more\n", "pup-keeper\t1\n2"])
  func aLineBreakAndUnknownWordsAreTaken(printed: String) throws {
    #expect(try keeper(printed).own == 1...2)
    #expect(try keeper(printed).objection(agreed: 7, written: Self.now, ledger: Self.now) == nil)
  }

  @Test(arguments: [
    "", "pup-keeper", "pup-keeper 1", "pup-init 1 2", "pup-keeper 2 1", "pup-keeper one 2", "usage: pup-keeper 1 2",
  ])
  func anythingElseIsNoAnswer(printed: String) {
    #expect(ReadableVersions(printed, of: "pup-keeper") == nil)
    #expect(ProgramCheck.Program.keeper.verdict(on: printed) == .failed("it does not answer as a pup-keeper does"))
  }

  @Test func aKeeperHasToReadAllThatItWouldMeetAfterItsExec() throws {
    let reads = try keeper("pup-keeper 1 2 messages 2 3 later 9 9 specification 2 3 streams 2 3\n")
    let two = FormatVersion(written: 2, needed: 2)
    #expect(reads.objection(agreed: 2, written: two, ledger: two) == nil)
    #expect(
      reads.objection(agreed: 1, written: two, ledger: two)
        == "the new pup-keeper speaks protocol versions 2 to 3, and the new supervisor speaks version 1 with this keeper")
    #expect(
      reads.objection(agreed: 2, written: Self.now, ledger: two)
        == "the new pup-keeper reads the spawn specification in versions 2 to 3, and the new supervisor writes version 1, which needs a "
        + "reader of version 1 or later")
    let four = FormatVersion(written: 4, needed: 4)
    #expect(
      reads.objection(agreed: 2, written: two, ledger: four)
        == "the new pup-keeper reads the stream ledger in versions 2 to 3, and the one in use has version 4, which needs a reader of version "
        + "4 or later")
    #expect(reads.objection(agreed: 2, written: two, ledger: FormatVersion(written: 4, needed: 3)) == nil)
  }

  @Test func aPupInitHasToReadWhatTheNewSupervisorWrites() throws {
    let reads = try #require(ReadableVersions("pup-init 1 1\n", of: "pup-init"))
    #expect(reads.objection(written: Self.now) == nil)
    let refusal = try #require(reads.objection(written: FormatVersion(written: 2, needed: 2)))
    #expect(
      refusal.hasPrefix("the new pup-init reads the spawn specification in version 1, and the new supervisor writes version 2"))
  }
}
