import Glibc
import Synchronization
import Testing

@testable import PupSystem

/// What the directory of users says is believed for a while, and what it cannot say is asked again.
@Suite struct PrivateGroupsTests {
  /// A directory that answers as it is told.
  private final class Directory: Sendable {
    private let state = Mutex<(answer: Result<Bool, SystemError>, questions: Int)>((.success(true), 0))

    var questions: Int { state.withLock { $0.questions } }
    func answer(_ answer: Result<Bool, SystemError>) { state.withLock { $0.answer = answer } }

    func ask() throws(SystemError) -> Bool {
      try state.withLock { state in
        state.questions += 1
        return state.answer
      }.get()
    }

    /// Groups of root's, of which there is one question each.
    func groups() -> PrivateGroups { PrivateGroups { (_, _) throws(SystemError) in try self.ask() } }
  }

  private static let second: Int64 = 1_000_000_000

  @Test func anAnswerIsUsedAgainForAWhile() {
    let directory = Directory()
    let groups = directory.groups()
    #expect(groups.contains(7, of: 0, at: 0) && groups.contains(7, of: 0, at: 9 * Self.second))
    #expect(directory.questions == 1)
    directory.answer(.success(false))
    #expect(!groups.contains(7, of: 0, at: 11 * Self.second) && directory.questions == 2)
    #expect(!groups.contains(8, of: 0, at: 11 * Self.second) && directory.questions == 3)
  }

  @Test func aFailureIsNoAnswer() {
    let directory = Directory()
    let groups = directory.groups()
    directory.answer(.failure(SystemError("getgrgid 7", errno: EIO)))
    #expect(!groups.contains(7, of: 0, at: 0))
    directory.answer(.success(true))
    #expect(groups.contains(7, of: 0, at: 0))
    // Nor is one that is too old used where there is no new one.
    directory.answer(.failure(SystemError("getgrgid 7", errno: EIO)))
    #expect(!groups.contains(7, of: 0, at: 60 * Self.second))
  }

  @Test func accountsAndGroupsAreFound() throws {
    #expect(UserAccount(0)?.name == "root" && UserAccount(0)?.group == 0)
    #expect(UserAccount(4_000_000_123) == nil)
    #expect(try UserGroup.find(0)?.name == "root")
    #expect(try UserGroup.find(4_000_000_123) == nil)
  }

  @Test func roomIsMadeForLongAnswers() throws {
    var sizes: [Int] = []
    let answer = try AccountBuffer.ask("x") { (_, size) -> (code: Int32, answer: Int?) in
      sizes.append(size)
      return size < 60_000 ? (ERANGE, nil) : (0, size)
    }
    #expect(answer == 65_536 && sizes == [4096, 16_384, 65_536])
    #expect(throws: SystemError.self) { try AccountBuffer.ask("x") { (_, _) -> (code: Int32, answer: Int?) in (ERANGE, nil) } }
    #expect(try AccountBuffer.ask("x") { (_, _) -> (code: Int32, answer: Int?) in (ENOENT, nil) } == nil)
  }
}
