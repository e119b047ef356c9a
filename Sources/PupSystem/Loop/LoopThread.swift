internal import CLinux
internal import Glibc

/// A thread of its own for an event loop.
package struct LoopThread: Sendable {
  package let loop: EventLoop
  private let thread: pthread_t

  /// Starts the thread. Its loop runs until `loop.stop()`.
  package init(running loop: EventLoop) throws(SystemError) {
    self.loop = loop
    var thread = pthread_t()
    let box = Unmanaged.passRetained(loop)
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let loop = Unmanaged<EventLoop>.fromOpaque(argument).takeRetainedValue()
        try? loop.run()
        return nil
      }, box.toOpaque())
    guard code == 0 else {
      box.release()
      throw SystemError("pthread_create", errno: code)
    }
    self.thread = thread
  }

  /// Waits until the loop has stopped.
  package func join() { pthread_join(thread, nil) }
}
