import Testing

@testable import PupInstance

@Suite struct CgroupLeafTests {
  @Test(arguments: [
    ("", "", true), ("/service", "/service", true), ("/a.slice/pup.service", "/a.slice/pup.service", true),
    ("/a.slice/pup.service/supervisor", "/a.slice/pup.service", true),
    // Not nested deeper, and not above the root.
    ("/supervisor", "/supervisor", true), ("/a/supervisor/supervisor", "/a/supervisor", true),
    // Somebody else's: the one above has processes.
    ("/a.slice/supervisor", "/a.slice/supervisor", false), ("/a/my-supervisor", "/a/my-supervisor", true),
  ])
  func theUnitIsAboveTheLeaf(own: String, unit: String, isEmpty: Bool) {
    #expect(CgroupLeaf.unit(of: own) { _ in isEmpty } == unit)
  }

  @Test(arguments: [
    ("/pup-0123456789abcdef/web.1", true), ("/a/pup-0123456789abcdef/web.1", true), ("/pup-0123456789abcdef", false),
    ("/pup-service/x", false), ("/pup-0123456789abcdeg/x", false), ("", false), ("/x", false),
  ])
  func aRunOfAnotherPupIsKnown(own: String, expected: Bool) {
    #expect(CgroupLeaf.isOfAnotherPup(own) == expected)
  }
}
