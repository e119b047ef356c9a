import PupInstance
import Testing

@testable import PupDaemon

@Suite struct KeeperRestartTests {
  private func instance(_ directory: String, isAdHoc: Bool) -> InstanceDescription {
    InstanceDescription(
      configurationPath: "pup.json", directory: directory, isAdHoc: isAdHoc, configuration: [],
      dataDirectory: directory + "/.pup/task.adhoc-data", temporaryDirectory: "", runtimeDirectory: "")
  }

  @Test func whoHasLostThePupInFrontIsToldHowToEndIt() {
    #expect(KeeperRestart.wayOut(nil).isEmpty)
    #expect(KeeperRestart.wayOut(instance("/srv/app", isAdHoc: false)).hasSuffix(": pup terminate --config /srv/app/pup.json"))
    #expect(KeeperRestart.wayOut(instance("/my app", isAdHoc: false)).hasSuffix(" --config '/my app/pup.json'"))
    #expect(
      KeeperRestart.wayOut(instance("/srv", isAdHoc: true)).hasSuffix(": pup terminate --data-dir /srv/.pup/task.adhoc-data"))
  }
}
