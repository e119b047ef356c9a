internal import CLinux
internal import Glibc
internal import PupTestSupport

/// Stops another process at its next system calls, so that it can be killed between two of them, or one of them can fail. All
/// calls come from one thread.
struct Tracer {
  private enum Request: Int32 {
    case pokeUser = 6
    case detach = 17
    case resumeToSystemCall = 24
    case seize = 0x4206
    case interrupt = 0x4207
    case systemCallInfo = 0x420e
  }

  /// PTRACE_O_EXITKILL: no process stays stopped when the test ends early. PTRACE_O_TRACESYSGOOD: a stop at a system call says
  /// which.
  private static let options = 0x10_0000 | 1

  private typealias Call = @convention(c) (Int32, Int32, Int, Int) -> Int

  /// Variadic in its header, so Swift cannot import it.
  private static let call: Call? = dlsym(nil, "ptrace").map { unsafeBitCast($0, to: Call.self) }

  private let pid: Int32

  /// If a container or a security module forbids it, a test has to be skipped.
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
    try Self.request(.seize, pid, Self.options)
    try Self.request(.interrupt, pid)
    try awaitStop()
  }

  /// Continues to the beginning or end of its next system call, or to its next signal.
  func step() throws {
    try Self.request(.resumeToSystemCall, pid)
    try awaitStop()
  }

  // MARK: Failures

  /// A call whose number and first arguments are these.
  struct SystemCall {
    let number: UInt64
    let arguments: [UInt64]

    /// epoll_ctl(…, EPOLL_CTL_ADD, …), as x86-64 numbers it.
    static func addsAWatch(_ call: SystemCall) -> Bool { call.number == 233 && call.arguments[1] == 1 }
  }

  /// Where in `struct user` of x86-64 a system call's number and its result are.
  private enum Register: Int {
    case result = 80
    case number = 120
  }

  #if arch(x86_64)
    static let canFailCalls = isPossible
  #else
    static let canFailCalls = false
  #endif

  /// Continues to the next call of this kind, which is not made but fails with this error.
  /// - Parameter skipped: how many such calls come before.
  func fail(after skipped: Int, errno: Int32, _ matches: (SystemCall) -> Bool) throws {
    var skipped = skipped
    while true {
      try step()
      guard let call = try entered(), matches(call) else { continue }
      guard skipped == 0 else {
        skipped -= 1
        continue
      }
      try Self.request(.pokeUser, pid, at: Register.number.rawValue, -1)
      try step()
      try Self.request(.pokeUser, pid, at: Register.result.rawValue, -Int(errno))
      return
    }
  }

  /// Nil if it is not at the beginning of a system call.
  private func entered() throws -> SystemCall? {
    // struct ptrace_syscall_info: what it is (1 is the beginning), architecture, two addresses, then number and six arguments.
    var info = [UInt64](repeating: 0, count: 11)
    try info.withUnsafeMutableBytes { bytes in
      try Self.request(.systemCallInfo, pid, at: bytes.count, Int(bitPattern: bytes.baseAddress))
    }
    return info[0] & 0xFF == 1 ? SystemCall(number: info[3], arguments: Array(info[4...9])) : nil
  }

  /// Lets it continue if it still exists.
  func letGo() { try? Self.request(.detach, pid) }

  private static func request(_ request: Request, _ pid: Int32, at address: Int = 0, _ data: Int = 0) throws {
    guard let call, call(request.rawValue, pid, address, data) >= 0 else {
      throw Failure("ptrace(\(request), \(pid)): errno \(errno)")
    }
  }

  private func awaitStop() throws {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 { guard errno == EINTR else { throw Failure("waitpid: errno \(errno)") } }
    guard status & 0xFF == 0x7F else { throw Failure("\(pid) has ended: \(status)") }
  }
}
