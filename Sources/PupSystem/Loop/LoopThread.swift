internal import Glibc

/// A thread of its own for an event loop.
package struct LoopThread: Sendable {
  package let loop: EventLoop
  private let thread: pthread_t

  /// Starts the thread. Its loop runs until `loop.stop()`. If the loop fails, the process exits: otherwise it would continue
  /// without it, unnoticed.
  package init(running loop: EventLoop) throws(SystemError) {
    self.loop = loop
    var thread = pthread_t()
    let box = Unmanaged.passRetained(loop)
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let loop = Unmanaged<EventLoop>.fromOpaque(argument).takeRetainedValue()
        do throws(SystemError) { try loop.run() } catch { LoopThread.end(loop.name, error) }
        return nil
      }, box.toOpaque())
    guard code == 0 else {
      box.release()
      throw SystemError("pthread_create", errno: code)
    }
    self.thread = thread
  }

  /// The exit code when a loop has failed.
  package static let failureExitCode: Int32 = 70

  private static func end(_ name: String, _ error: SystemError) -> Never {
    LastWord.say("thread \(name): \(error) (errno \(error.errno)); the process cannot work without this thread and exits")
    // Not exit(): other threads are still running and may hold locks that exit handlers need.
    _exit(failureExitCode)
  }

  /// Waits until the loop has stopped.
  package func join() {
    let code = pthread_join(thread, nil)
    precondition(code == 0, "pthread_join: \(code)")
  }
}
