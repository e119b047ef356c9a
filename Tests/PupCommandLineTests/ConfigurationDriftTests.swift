import PupInstance
import Testing

@testable import PupCommandLine

@Suite struct ConfigurationDriftTests {
  private static let old = "{ processes: [ { id: 'web', cmd: 'true' }, { id: 'job', cmd: 'true', cluster: { instances: 2 } } ] }"

  private func drift(_ new: String?) -> ConfigurationDrift {
    ConfigurationDrift(path: "pup.json", directory: "/srv", inForce: Array(Self.old.utf8), onDisk: new.map { Array($0.utf8) })
  }

  @Test(arguments: [
    old, "// words\n" + old,
    "{ \"processes\": [ { id: \"web\", cmd: \"true\" }, { cluster: { instances: 2 }, cmd: 'true', id: 'job' } ] }",
  ])
  func whatMeansTheSameIsNoDifference(_ new: String) {
    #expect(drift(new).kind == .same)
    #expect(!drift(new).differs && drift(new).sentence == nil)
  }

  @Test func processesAreNamed() {
    let new = drift("{ processes: [ { id: 'web', cmd: 'false' }, { id: 'Two', cmd: 'true' } ] }")
    #expect(new.kind == .changed(added: ["Two"], removed: ["job"], changed: ["web"]))
    #expect(new.adds("two") && !new.adds("web"))
    #expect(
      new.sentence == "pup.json has changed since Pup started (added: Two; removed: job; changed: web); "
        + "to apply the file: pup terminate, then pup run (as a service: restart it)")
  }

  @Test func aClusterOfAnotherSizeHasChanged() {
    let new = Self.old.replacing("instances: 2", with: "instances: 3")
    #expect(drift(new).kind == .changed(added: [], removed: [], changed: ["job"]))
  }

  @Test func otherSettingsCount() {
    let new = drift("{ terminateTimeout: 5, name: 'x', " + Self.old.dropFirst(2))
    #expect(new.differs && new.sentence?.hasPrefix("pup.json has changed since Pup started") == true)
  }

  @Test func aFileWithErrorsOrNoneIsSaid() {
    #expect(drift("{ processes: [ {").kind == .unusable)
    #expect(drift(nil).kind == .missing)
    #expect(drift("{ nonsense: 1 }").sentence?.contains("pup check") == true)
  }

  /// There is no file that could differ.
  @Test func aCommandLineHasNoFile() {
    let made = InstanceDescription(
      configurationPath: "the command line", directory: "/srv", isAdHoc: true, configuration: [], dataDirectory: "",
      temporaryDirectory: "", runtimeDirectory: "")
    #expect(ConfigurationDrift(made) == nil)
  }
}

extension String {
  fileprivate func replacing(_ part: String, with other: String) -> String {
    guard let range = firstRange(of: part) else { return self }
    return String(self[..<range.lowerBound]) + other + self[range.upperBound...]
  }
}
