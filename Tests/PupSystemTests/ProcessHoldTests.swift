import CLinux
import Glibc
import Testing

@testable import PupSystem

/// A process that lives and does not go on is told from one that does.
@Suite(.timeLimit(.minutes(5))) struct ProcessHoldTests {
  @Test func aStoppedProcessIsStoppedUntilItGoesOn() {
    #expect(ProcessHold(of: getpid()) == nil && ProcessHold.ofKeeper(getpid()) == nil)
    #expect(ProcessHold(of: .max) == nil)
    var child: pid_t = 0
    let words: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("1000"), nil]
    defer { for word in words { free(word) } }
    #expect(posix_spawnp(&child, "sleep", nil, nil, words, environ) == 0)
    defer {
      kill(child, SIGKILL)
      waitpid(child, nil, 0)
    }
    var status: Int32 = 0
    kill(child, SIGSTOP)
    #expect(waitpid(child, &status, WUNTRACED) == child)
    #expect(ProcessHold(of: child) == .stopped)
    #expect(
      ProcessHold.ofKeeper(child)?.contains("(pid \(child)) is stopped (state T); resume it: kill -CONT \(child)") == true)
    kill(child, SIGCONT)
    #expect(waitpid(child, &status, WCONTINUED) == child)
    #expect(ProcessHold(of: child) == nil)
  }

  @Test func aDebuggerIsNamed() {
    #expect(ProcessHold.traced(by: 0).words(7).contains("by a debugger (state t)"))
    #expect(ProcessHold.traced(by: getpid()).words(7).contains("pid \(getpid()), "))
  }
}
