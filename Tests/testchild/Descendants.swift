import Glibc

/// Children, an orphan, a fork bomb: each of them waits until it is killed.
struct Descendants {
  private let options: Options

  init(_ options: Options) { self.options = options }

  /// Whether one of them is to listen on the port, rather than the first process.
  var isPortTheirs: Bool { options.orphan || options.forks > 0 }

  func make() throws(Failure) {
    for number in 0..<options.forks { try makeChild(listens: number == options.forks - 1 && !options.orphan) }
    if options.orphan { try makeOrphan() }
    if options.forkBomb > 0 { try explode() }
  }

  private func makeChild(listens: Bool) throws(Failure) {
    guard try Self.fork() == 0 else { return }
    var child = Options()
    child.holds = true
    child.pidsFile = options.pidsFile
    child.portFile = listens ? options.portFile : nil
    try Run(child).perform()
  }

  private func makeOrphan() throws(Failure) {
    let parent = try Self.fork()
    guard parent == 0 else {
      // Reaped here, so that nobody takes it for one that was left behind.
      while waitpid(parent, nil, 0) < 0, errno == EINTR {}
      return
    }
    guard try Self.fork() == 0 else { _exit(0) }
    setsid()
    if options.orphanIgnoresTerminate { Termination.ignore(SIGTERM) } else { Termination.reset(SIGTERM) }
    if options.clearsOrphanEnvironment { try executeAnew() }
    var orphan = Options()
    orphan.holds = true
    orphan.pidsFile = options.pidsFile
    orphan.portFile = options.portFile
    orphan.terminateFile = options.orphanTerminateFile
    try Run(orphan).perform()
  }

  private func executeAnew() throws(Failure) {
    var arguments = ["testchild", "--hold"]
    let files = [
      ("--pids", options.pidsFile), ("--port", options.portFile), ("--term-file", options.orphanTerminateFile),
    ]
    for case (let flag, let file?) in files { arguments += [flag, file] }
    var pointers = arguments.map { strdup($0) } + [nil]
    var nothing: [UnsafeMutablePointer<CChar>?] = [nil]
    execve("/proc/self/exe", &pointers, &nothing)
    throw .system("execve")
  }

  /// Every process takes a ticket for each fork; when there are none left, all wait.
  private func explode() throws(Failure) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw .system("pipe") }
    Output.write(String(repeating: "x", count: options.forkBomb), to: ends[1])
    close(ends[1])
    var ticket: UInt8 = 0
    var isFirst = true
    while read(ends[0], &ticket, 1) == 1 {
      guard try Self.fork() == 0 else { continue }
      isFirst = false
      if let file = options.pidsFile { try Files.append("\(getpid())", to: file) }
    }
    close(ends[0])
    guard isFirst else {
      var member = Options()
      member.holds = true
      try Run(member).perform()
    }
  }

  private static func fork() throws(Failure) -> pid_t {
    let pid = Glibc.fork()
    guard pid >= 0 else { throw .system("fork") }
    return pid
  }
}
