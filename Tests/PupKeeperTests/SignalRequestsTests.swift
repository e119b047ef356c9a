import Glibc
import Testing

@testable import PupKeeper

/// What the signals of a user ask for.
@Suite struct SignalRequestsTests {
  @Test func theFirstSignalStopsInOrder() {
    let requests = SignalRequests()
    #expect(!requests.isStopping)
    #expect(requests.terminate(SIGTERM, at: 7) == .stop)
    #expect(requests.isStopping && requests.signal == SIGTERM && requests.count == 1 && requests.askedAt == 7)
    #expect(requests.terminate(SIGTERM, at: 8) == .nothingNew)
    #expect(requests.count == 1 && requests.askedAt == 7, "a service manager may repeat it")
  }

  @Test(arguments: [SIGINT, SIGQUIT]) func theSecondInterruptKills(first: Int32) {
    let requests = SignalRequests()
    #expect(requests.terminate(first, at: 1) == .stop)
    #expect(requests.terminate(SIGINT, at: 2) == .kill)
    #expect(requests.signal == first && requests.count == 2)
    #expect(requests.terminate(SIGTERM, at: 3) == .kill, "it stays so")
  }

  @Test func oneInterruptAfterAnotherSignalIsNotMeantYet() {
    let requests = SignalRequests()
    #expect(requests.terminate(SIGTERM, at: 1) == .stop)
    #expect(requests.terminate(SIGINT, at: 2) == .nothingNew)
    #expect(requests.terminate(SIGINT, at: 3) == .kill)
  }

  @Test func timeThatTheKeeperLostDoesNotCount() {
    let requests = SignalRequests()
    requests.forgive(until: 5)
    #expect(requests.askedAt == 0, "nothing was asked for")
    #expect(requests.terminate(SIGTERM, at: 10) == .stop)
    requests.forgive(until: 20)
    #expect(requests.askedAt == 20)
    requests.forgive(until: 15)
    #expect(requests.askedAt == 20)
  }

  @Test func everythingSurvivesAnExec() {
    let requests = SignalRequests()
    #expect(requests.terminate(SIGINT, at: 4) == .stop)
    requests.hangUp()
    var state = KeeperState()
    requests.save(to: &state)
    let copy = SignalRequests()
    copy.resume(state)
    #expect(copy.signal == SIGINT && copy.count == 1 && copy.askedAt == 4 && copy.hangUpPending)
    #expect(copy.terminate(SIGINT, at: 5) == .kill)
  }
}
