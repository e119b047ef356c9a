internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupSystem

/// What the kernel and pup-init tell of a run: that its program executes, who its leader is, and how that one ended.
final class RunWatch {
  let poller: Poller
  let runs: RunRegistry
  let children: Children
  let cgroups: RunCgroups
  let trees: TreeControl
  let link: BrainLink
  /// When leaders that somebody else reaps are asked for their status (CLOCK_MONOTONIC ns).
  private(set) var deadline: Int64?

  init(poller: Poller, runs: RunRegistry, children: Children, cgroups: RunCgroups, trees: TreeControl, link: BrainLink) {
    (self.poller, self.runs, self.children) = (poller, runs, children)
    (self.cgroups, self.trees, self.link) = (cgroups, trees, link)
  }

  // MARK: The outcome of a start

  func errorPipeReady(_ key: EntryKey) {
    guard let entry = runs[key], case .spawning(let errorPipe) = entry.phase else { return }
    var report = pup_spawn_error()
    let count = withUnsafeMutableBytes(of: &report) { read(errorPipe.number, $0.baseAddress, $0.count) }
    if count < 0, errno == EAGAIN || errno == EINTR { return }
    poller.remove(errorPipe.number)
    errorPipe.close()
    let head = Int(PUP_FAILURE_HEAD)
    if count >= head {
      let subject = withUnsafeBytes(of: &report) { String(decoding: $0[head..<count], as: UTF8.self) }
      spawnFailed(key, SpawnError(stage: report.stage, errno: report.error, subject: subject))
      return
    }
    runs[key]?.phase = .running
    // With a pup-init, its first report names the leader.
    if entry.pid != 0 { started(key) }
  }

  /// The program executes and its pid is known.
  func started(_ key: EntryKey) {
    runs[key]?.notices.insert(.outcome)
    link.announce(key)
    let deferred = runs[key]?.deferredSignals ?? []
    runs[key]?.deferredSignals = []
    for (signal, scope) in deferred { trees.signal(key, signal, scope) }
  }

  private func spawnFailed(_ key: EntryKey, _ failure: SpawnError) {
    guard var entry = runs[key] else { return }
    entry.phase = .failed
    entry.failure = failure
    entry.notices.insert(.outcome)
    runs[key] = entry
    // The child is about to exit; its end is not reported.
    trees.release(key)
    link.announce(key)
  }

  // MARK: The leader's end

  func leaderEnded(_ key: EntryKey) {
    guard let entry = runs[key] else { return }
    if case .spawning = entry.phase { errorPipeReady(key) }
    guard let entry = runs[key] else { return }
    switch entry.phase {
    case .spawning, .running: break
    case .exited, .empty, .failed: return
    }
    if entry.isChild {
      var status = pup_child_status()
      let answer = pup_wait_pidfd(entry.pidfd, true, &status)
      guard answer != 0 else { return }
      poller.remove(entry.pidfd)
      // An error means that somebody else has reaped it.
      recordExit(key, answer > 0 ? ExitRecord(status) : ExitRecord(kind: .unknown, value: 0))
    } else {
      poller.remove(entry.pidfd)
      runs[key]?.statusDeadline = Clock.monotonic + 2 * Clock.second
      pollAdopted(Clock.monotonic)
    }
  }

  func tick(_ now: Int64) {
    if let deadline, deadline <= now { pollAdopted(now) }
  }

  func pollNow() { deadline = Clock.monotonic }

  /// The exit status of a leader that somebody else reaps can be had once that has happened (Linux 6.15).
  private func pollAdopted(_ now: Int64) {
    deadline = nil
    for (key, entry) in runs.entries {
      guard let giveUpAt = entry.statusDeadline else { continue }
      var waitStatus: Int32 = 0
      let answer = pup_pidfd_exit_info(entry.pidfd, &waitStatus)
      if answer > 0 {
        runs[key]?.statusDeadline = nil
        recordExit(key, ExitRecord(waitStatus: waitStatus))
      } else if answer < 0 || giveUpAt <= now {
        runs[key]?.statusDeadline = nil
        recordExit(key, ExitRecord(kind: .unknown, value: 0))
      } else {
        deadline = now + Clock.second / 20
      }
    }
  }

  func recordExit(_ key: EntryKey, _ exit: ExitRecord) {
    guard runs[key]?.exit == nil else { return }
    var exit = exit
    exit.wallTime = Clock.wallMicroseconds
    if let entry = runs[key] { exit.ranOutOfMemory = ranOutOfMemory(entry, exit) }
    runs[key]?.exit = exit
    runs[key]?.phase = .exited
    runs[key]?.notices.insert(.exited)
    // In one turn where the tree is empty already, which is the usual case.
    trees.check(key)
    link.announce(key)
  }

  /// Whether the kernel killed the leader because memory ran out: its own limit, one above it, or the whole machine's.
  private func ranOutOfMemory(_ entry: Entry, _ exit: ExitRecord) -> Bool {
    guard exit.kind == .signaled, exit.value == SIGKILL, !entry.isKilled else { return false }
    // Without the memory controller there is no such file.
    return MemoryEvents(cgroups.processTree(of: entry).cgroup?.read("memory.events") ?? []).hasKilled
  }
}
