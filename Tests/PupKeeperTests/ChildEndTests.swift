import CLinux
import Glibc
import PupSystem
import Testing

@testable import PupKeeper

@Suite(.timeLimit(.minutes(5))) struct ChildEndTests {
  /// In a process of its own: here, another test may wait for any child.
  @Test func oneThatIsReapedHasEnded() async {
    await #expect(processExitsWith: .success) {
      var pid: pid_t = 0
      let code = CommandWords.withPointers(["sh", "-c", "exit 3"]) { posix_spawn(&pid, "/bin/sh", nil, nil, $0, environ) }
      try #require(code == 0)
      let handle = try Descriptor(pup_pidfd_open(pid), "pidfd_open")
      var ready = pollfd(fd: handle.number, events: Int16(POLLIN), revents: 0)
      while poll(&ready, 1, -1) < 0, errno == EINTR {}
      #expect(ChildEnd(of: handle.number) == .exited(3), "asking reaps it")
      #expect(ChildEnd(of: handle.number) == .unknown)
    }
  }
}
