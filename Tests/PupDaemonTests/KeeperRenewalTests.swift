import Testing

@testable import PupDaemon

@Suite struct KeeperRenewalTests {
  @Test func pausesGrowAndTheSameReasonIsNoNews() {
    var renewal = KeeperRenewal()
    #expect(renewal.pause == 0)
    let tries = (0..<8).map { _ in (renewal.failed("no memory"), renewal.pause / 1_000_000) }
    #expect(tries.map(\.0) == [true] + Array(repeating: false, count: 7))
    #expect(tries.map(\.1) == [50, 100, 200, 400, 800, 1600, 2000, 2000])
    let isNew = renewal.failed("no file")
    #expect(isNew)
  }

  @Test func oneThatWorksBeginsAnew() {
    var renewal = KeeperRenewal()
    renewal.started()
    #expect(renewal.isUnderWay && !renewal.succeeded() && !renewal.isUnderWay)
    _ = renewal.failed("no memory")
    renewal.started()
    #expect(renewal.succeeded() && renewal.pause == 0 && renewal.failed("no memory"))
  }
}
