import CLinux
import Glibc
import PupSystem
import PupTestSupport
import Testing

@testable import PupInstance

/// Who may use an instance's files.
@Suite(.timeLimit(.minutes(5))) struct InstanceLockTests {
  private func withPaths(_ body: (StoragePaths) throws -> Void) throws {
    let folder = try TemporaryFolder()
    let paths = StoragePaths(name: "pup.json", directory: folder.path, workingDirectory: "/")
    _ = try StorageFolders(paths, forRunning: false)
    #expect(access(paths.temporary, F_OK) != 0)
    try withExtendedLifetime(folder) { try body(paths) }
  }

  /// A process that has ended and was waited for.
  private var deadPid: Int32 {
    var pid: pid_t = 0
    let words: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
    defer { free(words[0]) }
    posix_spawnp(&pid, "true", nil, nil, words, environ)
    waitpid(pid, nil, 0)
    return pid
  }

  @Test func aCommandThatHoldsItForAMomentIsWaitedFor() throws {
    try withPaths { paths in
      let held = try #require(try InstanceLock.acquireNow(paths))
      InstanceLock.recordOwner(held.number, pid: deadPid)
      #expect(try InstanceLock.acquireNow(paths) == nil)
      let loop = try EventLoop(name: "lock-holder")
      // Before it runs: afterwards a loop's timers are its thread's alone.
      _ = loop.schedule(at: Clock.boot + 50_000_000) {
        held.close()
        loop.stop()
      }
      let holder = try LoopThread(running: loop)
      let lock = try InstanceLock.acquire(paths, patience: 30_000_000_000)
      holder.join()
      #expect(try InstanceLock.acquireNow(paths) == nil)
      lock.close()
    }
  }

  @Test func onlyForAMoment() throws {
    try withPaths { paths in
      let held = try #require(try InstanceLock.acquireNow(paths))
      defer { held.close() }
      let error = #expect(throws: InstanceError.self) { try InstanceLock.acquire(paths, patience: 30_000_000) }
      // It may be about to end: a service manager tries again.
      #expect(error?.kind == .busy && error?.message.contains("try again") == true)
    }
  }

  @Test func aPupThatRunsIsNotWaitedFor() throws {
    try withPaths { paths in
      let held = try #require(try InstanceLock.acquireNow(paths))
      defer { held.close() }
      InstanceLock.recordOwner(held.number)
      let began = Clock.monotonic
      let error = #expect(throws: InstanceError.self) { try InstanceLock.acquire(paths, patience: 60_000_000_000) }
      #expect(error?.message.contains("already running here (pid \(getpid()))") == true)
      #expect(Clock.monotonic - began < 30_000_000_000)
    }
  }
}
