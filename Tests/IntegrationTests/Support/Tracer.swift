internal import CLinux
internal import Glibc

/// Stops another process at its next system calls, so that it can be killed between two of them. All calls come from one thread.
struct Tracer {
  private enum Request: Int32 {
    case detach = 17
    case resumeToSystemCall = 24
    case seize = 0x4206
    case interrupt = 0x4207
  }

  /// What ptrace(2) calls PTRACE_O_EXITKILL: no process stays stopped when the test ends early.
  private static let exitKill = 0x10_0000

  private typealias Call = @convention(c) (Int32, Int32, Int, Int) -> Int

  /// Variadic in its header, so Swift cannot import it.
  private static let call: Call? = dlsym(nil, "ptrace").map { unsafeBitCast($0, to: Call.self) }

  private let pid: Int32

  /// Where a container or a security module forbids it, a test has to be skipped.
  static let isPossible: Bool = {
    let null = pup_open("/dev/null", O_RDWR, 0)
    defer { close(null) }
    guard
      let child = try? Child(["sleep", "60"], environment: ["PATH": "/usr/bin:/bin"], directory: "/", output: null, error: null)
    else { return false }
    defer {
      child.signal(SIGKILL)
      _ = child.wait(seconds: 5)
    }
    return (try? Tracer(stopping: child.pid)) != nil
  }()

  /// - Parameter pid: a child of this process.
  init(stopping pid: Int32) throws {
    self.pid = pid
    try Self.request(.seize, pid, Self.exitKill)
    try Self.request(.interrupt, pid)
    try awaitStop()
  }

  /// Runs on to the beginning or the end of its next system call, or to its next signal.
  func step() throws {
    try Self.request(.resumeToSystemCall, pid)
    try awaitStop()
  }

  /// Lets it run on where it is still there.
  func letGo() { try? Self.request(.detach, pid) }

  private static func request(_ request: Request, _ pid: Int32, _ data: Int = 0) throws {
    guard let call, call(request.rawValue, pid, 0, data) == 0 else {
      throw Failure("ptrace(\(request), \(pid)): errno \(errno)")
    }
  }

  private func awaitStop() throws {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 { guard errno == EINTR else { throw Failure("waitpid: errno \(errno)") } }
    guard status & 0xFF == 0x7F else { throw Failure("\(pid) has ended: \(status)") }
  }
}
