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
  let pidfd: Descriptor
  private let output: Descriptor
  private let report: Descriptor
  /// CLOCK_MONOTONIC ns; one that hangs is killed then.
  private(set) var deadline: Int64

  init(_ program: Program, _ executable: Int32) throws(StartFailure) {
    let (output, report): (PipeEnds, PipeEnds)
    do throws(SystemError) {
      output = try PipeEnds(isBlocking: false)
      report = try PipeEnds(isBlocking: false)
    } catch {
      throw StartFailure(SpawnStage.pipe.word, errno: error.errno)
    }
    var pidfd: Int32 = -1
    let pid = CommandWords.withPointers(program.words) {
      pup_spawn_check(executable, $0, environ, output.write.number, report.write.number, &pidfd)
    }
    guard pid > 0 else { throw StartFailure(SpawnStage.clone.word, errno: -pid) }
    (self.program, self.pid, self.pidfd) = (program, pid, Descriptor(pidfd))
    (self.output, self.report) = (output.read, report.read)
    deadline = Clock.monotonic + 10 * Clock.second
  }

  /// Nil while it runs.
  func verdict() -> Verdict? {
    var status = pup_child_status()
    let waited = pup_wait_pidfd(pidfd.number, false, &status)
    guard waited != 0 else { return nil }
    if let failure = StartFailure(report: report.number) { return .failed("\(failure)") }
    let end = ChildEnd(status)
    guard waited > 0, end == .exited(0) else { return .failed("\(end)") }
    var text = [UInt8](repeating: 0, count: 256)
    let count = read(output.number, &text, text.count)
    let printed = String(decoding: text[..<max(0, count)], as: UTF8.self)
    return program.verdict(on: printed)
  }

  /// It fails only where the program has ended, which its pidfd tells.
  func kill() { _ = pup_pidfd_signal(pidfd.number, SIGKILL) }

  mutating func killIfLate(_ now: Int64) {
    guard deadline <= now else { return }
    kill()
    deadline = now + Clock.second
  }
}
