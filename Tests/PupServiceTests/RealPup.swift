internal import Glibc
internal import PupInstance
internal import PupSystem
import Testing

@testable import PupService

/// The real `pup` in a folder of its own, for tests with real service managers.
struct RealPup {
  /// Folders of the real binaries: by the environment, else where `make build` leaves them. From
  /// Tests/PupServiceTests/RealPup.swift.
  static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  static let binaries = getenv("PUP_BIN").map { String(cString: $0) } ?? "\(root)/.build/release"
  /// What scripts/service-managers.sh has unpacked.
  static let tools = "\(root)/.build/service-managers"

  static func has(_ tool: String) -> Bool { access("\(tools)/\(tool)", X_OK) == 0 && access("\(binaries)/pup", X_OK) == 0 }

  let folder: String
  let definition: ServiceDefinition

  /// With one program, which ignores SIGTERM and writes a line to the file `starts` at each start.
  init(_ folder: String) throws {
    let app = folder + "/the  app"
    try #require(mkdir(app, 0o755) == 0)
    let real = try #require(realpath(app, nil))
    defer { free(real) }
    self.folder = String(cString: real)
    try write(
      """
      {
        terminateTimeout: 2,
        processes: [
          { id: "steady", cmd: "echo start >>starts; exec '\(Self.binaries)/testchild' --ignore TERM --hold", autostart: true },
          { id: "greeting", cmd: "echo $GREETING", autostart: true, restart: "error" },
        ],
      }
      """, to: app + "/pup.json")
    definition = try makeDefinition(
      program: Self.binaries + "/pup", directory: self.folder,
      variables: [
        ServiceVariable(name: "PATH", value: "/usr/sbin:/usr/bin:/sbin:/bin"),
        ServiceVariable(name: "GREETING", value: "it's \"$x\""),
      ], stopSeconds: 2)
  }

  var starts: Int { text(folder + "/starts").map { $0.split(separator: "\n").count } ?? 0 }
  /// The keeper that holds the instance; nil without one.
  var keeper: Int32? { InstanceLock.runningPid(definition.paths).flatMap { $0 > 0 ? $0 : nil } }

  /// Programs of this test: their environment says so.
  func programs() -> [Int32] {
    (ProcFiles.entries(of: "/proc") ?? []).filter { pid in
      ProcFiles.read("/proc/\(pid)/environ").map { String(decoding: $0, as: UTF8.self) }?
        .contains("PUP_DATA_STORAGE=\(definition.paths.data)\0") == true
        && ProcFiles.read("/proc/\(pid)/comm").map { String(decoding: $0, as: UTF8.self) } == "testchild\n"
    }
  }

  var log: String { shell(definition.program, "logs", "--config", definition.configuration, "-n", "40").output }

  func wait(_ what: String, seconds: Int = 15, until isSo: () -> Bool) throws {
    let deadline = Clock.monotonic + Int64(seconds) * 1_000_000_000
    while !isSo() {
      try #require(Clock.monotonic < deadline, "awaited in vain: \(what)\n\(log)")
      poll(nil, 0, 20)
    }
  }

  /// Whatever came of the test.
  func cleanUp() {
    if let keeper { kill(keeper, SIGKILL) }
    for pid in programs() { kill(pid, SIGKILL) }
    _ = ServiceCommand.run(definition.sweepWords, seconds: 20)
  }
}
