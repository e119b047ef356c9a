internal import CLinux
internal import Glibc

/// Runs one piece of slow work on a thread that ends with it, so that neither a loop nor the task pool has to wait for a disk.
package enum HelperThread {
  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// False if no thread can be created; then the work is not done.
  package static func run(_ body: @escaping @Sendable () -> Void) -> Bool {
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Work(body))
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        // Signals are for the threads that wait for them; SIGPIPE is an error code here.
        _ = pup_signal_block_all()
        Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, box.toOpaque())
    guard code == 0 else {
      box.release()
      return false
    }
    pthread_detach(thread)
    return true
  }
}
