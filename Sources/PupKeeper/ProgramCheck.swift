internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupBasics
internal import PupSystem

/// A program that was started with `--check`, before Pup relies on it: it has to print what it reads (`ReadableVersions`), and to
/// end with 0.
struct ProgramCheck {
  enum Program {
    case keeper
    case initProgram

    var name: String {
      switch self {
      case .keeper: KeeperArguments.program
      case .initProgram: "pup-init"
      }
    }

    var words: [String] {
      switch self {
      case .keeper:
        var arguments = KeeperArguments()
        arguments.check = Int32(format.current.written)
        return arguments.words
      case .initProgram: return [name, "--check"]
      }
    }

    /// What it reads of this build: the keeper's state, or a spawn specification (and reports in turn).
    private var format: Format {
      switch self {
      case .keeper: KeeperMemory.format
      case .initProgram: ProtocolFormat.specification
      }
    }

    /// What this build prints; words behind it may be added.
    var answer: String {
      let own = "\(name) \(format.versions.lowerBound) \(format.versions.upperBound)"
      return self == .keeper ? own + ReadableVersions.keeperWords : own
    }

    /// Whether a program that has printed this can be used.
    func verdict(on printed: String) -> Verdict {
      guard let reads = ReadableVersions(printed, of: name) else { return .failed("it does not answer as a \(name) does") }
      guard Format.canRead(format.current, with: reads.own) else {
        return .failed(
          "it reads the \(format.name) in \(Format.words(reads.own)), and this keeper writes version "
            + "\(format.current.written), which needs a reader of version \(format.current.needed) or later")
      }
      return .passed(reads)
    }
  }

  enum Verdict: Equatable {
    case passed(ReadableVersions)
    case failed(String)
  }

  let program: Program
  let pid: Int32
  let pidfd: Int32
  private let output: Int32
  private let report: Int32
  /// CLOCK_MONOTONIC ns; one that hangs is killed then.
  var deadline: Int64

  init(_ program: Program, _ executable: Int32) throws(StartFailure) {
    var (output, itsOutput, report, itsReport): (Int32, Int32, Int32, Int32) = (-1, -1, -1, -1)
    let made = min(pup_pipe(&output, &itsOutput, true), pup_pipe(&report, &itsReport, true))
    defer { for descriptor in [itsOutput, itsReport] where descriptor >= 0 { Glibc.close(descriptor) } }
    var pidfd: Int32 = -1
    let pid =
      made < 0
      ? made
      : CommandWords.withPointers(program.words) { pup_spawn_check(executable, $0, environ, itsOutput, itsReport, &pidfd) }
    guard pid > 0 else {
      for descriptor in [output, report] where descriptor >= 0 { Glibc.close(descriptor) }
      throw StartFailure(made < 0 ? SpawnStage.pipe.word : SpawnStage.clone.word, errno: -pid)
    }
    (self.program, self.pid, self.pidfd, self.output, self.report) = (program, pid, pidfd, output, report)
    deadline = Clock.monotonic + 10 * Keeper.second
  }

  /// Nil while it runs.
  func verdict() -> Verdict? {
    var status = pup_child_status()
    let waited = pup_wait_pidfd(pidfd, false, &status)
    guard waited != 0 else { return nil }
    if let failure = StartFailure(report: report) { return .failed("\(failure)") }
    guard waited > 0, status.code == CLD_EXITED, status.status == 0 else { return .failed(Keeper.words(for: status)) }
    var text = [UInt8](repeating: 0, count: 256)
    let count = read(output, &text, text.count)
    let printed = String(decoding: text[..<max(0, count)], as: UTF8.self)
    return program.verdict(on: printed)
  }

  func close() {
    for descriptor in [pidfd, output, report] { Glibc.close(descriptor) }
  }
}
