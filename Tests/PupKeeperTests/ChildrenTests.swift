import Testing

@testable import PupKeeper

/// Whose the children of the keeper are.
@Suite struct ChildrenTests {
  @Test func whoMayHaveComeUpFromARun() {
    let children = Children()
    children.addToRuns(10)
    children.dismiss(11)
    children.inherit([12])
    children.isServant = { $0 == 13 }
    #expect((10...14).filter { children.mayBeStray($0) } == [14])
    #expect((10...14).filter { children.isOurs($0) } == [10, 13])
    #expect(children.removeFromRuns(10))
    #expect(!children.removeFromRuns(10))
    #expect(children.mayBeStray(10))
  }

  @Test func numbersOfThoseThatAreGoneAreFreeAgain() {
    let children = Children()
    children.inherit([1, 2])
    for pid in [Int32(3), 4] { children.dismiss(pid) }
    children.keepOnly([2, 4, 5])
    #expect(children.inherited == [2, Children.everInherited], "that there were some is not forgotten")
    #expect(children.dismissed == [4])
    children.keepOnly([])
    #expect(children.inherited == [Children.everInherited])
  }

  @Test func thoseBeforeAnExecAreTakenOver() {
    let children = Children()
    children.inherit([])
    #expect(children.inherited.isEmpty)
    children.resume(inherited: [7])
    #expect(!children.mayBeStray(7))
  }

  @Test func theListIsReadOnceAtATime() throws {
    let children = Children()
    children.lookSoon()
    let first = try #require(children.deadline)
    children.lookSoon()
    #expect(children.deadline == first)
    children.lookNow()
    #expect(try #require(children.deadline) < first)
  }
}
