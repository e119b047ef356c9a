internal import Glibc
internal import PupTestSupport

/// Waiting on a thread of its own: the tests that run at the same time need theirs.
enum Blocking {
  private final class Work {
    let body: () -> Void

    init(_ body: @escaping () -> Void) { self.body = body }
  }

  static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async -> Result<Value, any Error> {
    await withCheckedContinuation { continuation in
      let work = Work { continuation.resume(returning: Result { try body() }) }
      let argument = Unmanaged.passRetained(work)
      var thread = pthread_t()
      let code = pthread_create(
        &thread, nil,
        { argument in
          if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
          return nil
        }, argument.toOpaque())
      guard code == 0 else {
        argument.release()
        return continuation.resume(returning: .failure(Failure("pthread_create: errno \(code)")))
      }
      pthread_detach(thread)
    }
  }
}
