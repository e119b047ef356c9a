import Testing

@testable import PupCore

/// What the log, answers and history say of a start that does not happen: scripts of users may read it.
@Suite struct RefusalTests {
  private static let ada = Cause.consumer("ada")

  @Test(arguments: [
    (Obstacle.terminating(by: .signal(15)), "everything is being stopped (requested by SIGTERM)"),
    (.notConfigured, "it is no longer in the configuration"), (.blocked(by: ada), "blocked by ada; unblock it first"),
    (.held(by: ada), "ada stopped it; start it to release it"),
    (.tooManyRuns, "16 runs of it are alive, which is the maximum"), (.noRunNumbers, "its run numbers are used up; restart Pup"),
    (.notSupervising, "Pup is starting or stopping; try again in a moment"), (.alreadyRunning, "already running"),
    (.stillRunning, "still running"), (.stillStopping, "its previous run is still being stopped"),
    (.restarting, "a restart is in progress"), (.nowStopped(by: ada), "ada stopped it"), (.nowBlocked(by: ada), "blocked by ada"),
    (.restartLimit, "its restart limit is reached"), (.restartsNoMore, "its restart policy is now never"),
    (.watchedNoMore, "it is no longer watched"),
  ])
  func obstaclesAreSaid(_ obstacle: Obstacle, _ words: String) { #expect(obstacle.words == words) }

  @Test func aRefusalSaysWhoWantedTheStart() {
    var refusal = Refusal(cause: .cron, obstacle: .stillRunning, isExpected: false, isBlocked: false)
    #expect(refusal.words == "not started (cron): still running")
    #expect(refusal.severity == .warn && refusal.category == .refused)
    (refusal.isExpected, refusal.isBlocked) = (true, true)
    #expect(refusal.severity == .info && refusal.category == .blocked)
  }

  @Test(arguments: [
    (CommandAnswer.Unchanged.alreadyRunning, "already running"), (.restarting, "a restart is in progress"),
    (.alreadyStopped, "already stopped"), (.alreadyStopping, "already stopping"),
    (.alreadyBlocked(by: ada), "already blocked by ada"), (.notBlocked, "not blocked"),
    (.noProcesses, "there are no processes"),
  ])
  func nothingToDoIsSaid(_ reason: CommandAnswer.Unchanged, _ words: String) { #expect(reason.words == words) }
}
