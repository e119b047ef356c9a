import CLinux
import Glibc
import PupSystem
import Testing

@testable import PupInstance

/// Who may use an instance's files.
@Suite(.timeLimit(.minutes(1))) struct InstanceLockTests {
  private func withPaths(_ body: (StoragePaths) throws -> Void) throws {
    var template = Array("/tmp/pup-lock-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    let folder = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    let paths = StoragePaths(name: "pup.json", directory: folder, workingDirectory: "/")
    defer {
      unlink(paths.lockFile)
      rmdir(paths.data)
      rmdir(folder + "/.pup")
      rmdir(folder)
    }
    try paths.create(forRunning: false)
    #expect(access(paths.temporary, F_OK) != 0)
    try body(paths)
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
      InstanceLock.recordOwner(held, pid: deadPid)
      #expect(try InstanceLock.acquireNow(paths) == nil)
      let loop = try EventLoop(name: "lock-holder")
      let holder = try LoopThread(running: loop)
      _ = loop.schedule(at: Clock.boot + 50_000_000) {
        close(held)
        loop.stop()
      }
      let lock = try InstanceLock.acquire(paths, patience: 30_000_000_000)
      holder.join()
      #expect(try InstanceLock.acquireNow(paths) == nil)
      close(lock)
    }
  }

  @Test func onlyForAMoment() throws {
    try withPaths { paths in
      let held = try #require(try InstanceLock.acquireNow(paths))
      defer { close(held) }
      let error = #expect(throws: InstanceError.self) { try InstanceLock.acquire(paths, patience: 30_000_000) }
      #expect(error?.kind == .unavailable)
    }
  }

  @Test func aPupThatRunsIsNotWaitedFor() throws {
    try withPaths { paths in
      let held = try #require(try InstanceLock.acquireNow(paths))
      defer { close(held) }
      InstanceLock.recordOwner(held)
      let began = Clock.monotonic
      let error = #expect(throws: InstanceError.self) { try InstanceLock.acquire(paths, patience: 60_000_000_000) }
      #expect(error?.message.contains("already running here (pid \(getpid()))") == true)
      #expect(Clock.monotonic - began < 30_000_000_000)
    }
  }
}
