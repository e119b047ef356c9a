import Testing

@testable import PupSystem

@Suite struct CgroupPathTests {
  private let base = "/sys/fs/cgroup/system.slice/pup.service/pup-1234"
  private var folder: String { base + "/web.7" }

  @Test(arguments: [
    "/system.slice/pup.service/pup-1234/web.7", "/system.slice/pup.service/pup-1234/web.7/made/below", "/pup-1234/web.7",
    "/pup-1234/web.7/web.7",
  ])
  func isInside(path: String) {
    #expect(CgroupPath(path).isInside(folder: folder))
    #expect(CgroupPath(path).child(of: base) == "web.7")
  }

  @Test(arguments: [
    "/", "", "/user.slice", "/system.slice/pup.service/pup-1234/web.70", "/system.slice/pup.service/pup-1234/web.8",
    "/elsewhere/pup-1234/web.7", "/system.slice/pup.service/pup-1234", "/system.slice/pup.service/pup-9999/web.7", "/x/web.7",
  ])
  func isOutside(path: String) {
    #expect(!CgroupPath(path).isInside(folder: folder))
    #expect(CgroupPath(path).child(of: base) != "web.7")
  }
}
