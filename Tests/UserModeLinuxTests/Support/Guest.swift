internal import CLinux
internal import Glibc
internal import PupSystem
internal import PupTestSupport

/// A kernel of its own for one test. Its first process is a shell with the functions of `scripts/uml/functions.sh`, which does
/// what the test's script says in an empty folder in memory and then ends the kernel.
enum Guest {
  /// Each is a machine with one processor, and busy while it boots.
  private static let gate = Gate(width: 2)

  /// - Parameters:
  ///   - script: shell commands, after which the kernel is ended by `finish`.
  ///   - systemd: the real systemd is the first process, and the script a service of it.
  ///   - panics: the first process ends by itself, which no kernel survives; `finish` is not expected.
  ///   - body: looks at what came of it; then everything is removed.
  static func run(
    _ script: String, memory: String = "256M", seconds: Double = 50, systemd: Bool = false, panics: Bool = false,
    _ body: (GuestReport) throws -> Void
  ) async throws {
    let folder = try TemporaryFolder(in: TemporaryFolder.usualParent)
    try prepare(folder, script, systemd: systemd)
    await gate.enter()
    let result = await Blocking.run { try boot(in: folder, memory: memory, seconds: seconds) }
    await gate.leave()
    let ending = try result.get()
    let report = GuestReport(folder: folder)
    if let failure = folder.text("failure") { throw Failure("\(failure)\n\(report.summary)") }
    switch ending {
    case .killedAfterLimit: throw Failure("the kernel has not ended within \(seconds) s\n\(report.summary)")
    case .exited, .signaled: break
    }
    guard panics || folder.text("finished") != nil else { throw Failure("the kernel ended: \(ending)\n\(report.summary)") }
    try body(report)
  }

  private static func boot(in folder: TemporaryFolder, memory: String, seconds: Double) throws -> KernelProcess.Ending {
    let inMemory = pup_is_tmpfs("/dev/shm") && access("/dev/shm", W_OK) == 0
    let memoryFolder = try TemporaryFolder(in: inMemory ? "/dev/shm" : TemporaryFolder.usualParent)
    let process = try KernelProcess(
      [
        "mem=\(memory)", "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro", "init=\(folder.path)/init", "quiet",
        "loglevel=3", "con0=null,fd:1", "con=null", "ssl=null",
      ],
      // It keeps its memory in a file below TMPDIR, and its management socket below HOME.
      environment: ["PATH=/usr/bin:/bin", "HOME=\(folder.path)", "TMPDIR=\(memoryFolder.path)"],
      console: "\(folder.path)/console")
    let ending = try process.end(within: seconds)
    let leftovers = memoryFolder.names
    guard leftovers.isEmpty else { throw Failure("left in \(memoryFolder.path): \(leftovers)") }
    return ending
  }

  private static let tools: [(name: String, mode: mode_t)] = [
    ("guest.sh", 0o644), ("functions.sh", 0o644), ("systemd.sh", 0o644), ("service.sh", 0o644), ("mark", 0o755),
    ("features.py", 0o755),
  ]

  private static func prepare(_ folder: TemporaryFolder, _ script: String, systemd: Bool) throws {
    for name in ["tools", "work"] { try folder.makeDirectory(name) }
    for (name, mode) in tools {
      guard let text = ProcFiles.read("\(Repository.tools)/\(name)") else {
        throw Failure("\(Repository.tools)/\(name) is missing")
      }
      try folder.write("tools/\(name)", text, mode: mode)
    }
    let missing = Repository.missingBinaries
    guard missing.isEmpty else { throw Failure("missing: \(missing); build with: make build") }
    let body: String
    if systemd {
      let text = """
        . "$HOST/tools/functions.sh"
        . "$HOST/tools/systemd.sh"
        . "$HOST/tools/service.sh"
        \(script)
        finish

        """
      try folder.write("script", text)
      body = """
        . "$HOST/tools/systemd.sh"
        boot_systemd
        """
    } else {
      body = """
        \(script)
        finish
        """
    }
    let text = """
      #!/bin/sh
      HOST='\(folder.path)'
      PUP_BIN='\(Repository.binaries)'
      . "$HOST/tools/guest.sh"
      \(body)

      """
    try folder.write("init", text, mode: 0o755)
  }
}
