internal import PupAPI
internal import PupSystem

/// What operations work with, regardless of the channel. Belongs to the loop's thread once the loop runs.
package final class OperationServices: @unchecked Sendable {
  let backend: APIBackend
  let streams: OpenStreams
  private(set) lazy var processList: Coalescer<ProcessListing> = coalescer { [backend] receive in
    backend.processes.list { receive(ProcessListing($0)) }
  }
  private(set) lazy var backendMetrics = coalescer { [backend] in backend.supervisor.metrics($0) }
  private(set) lazy var applicationState = coalescer { [backend] in backend.supervisor.state($0) }
  /// The OpenAPI document and the server's own metrics. Set by the server.
  var describe: () -> [UInt8] = { [] }
  var serverMetrics: () -> String = { "" }
  private var loop: EventLoop?

  init(backend: APIBackend, streams: OpenStreams) {
    self.backend = backend
    self.streams = streams
  }

  func start(on loop: EventLoop) {
    self.loop = loop
    streams.start(on: loop)
  }

  private func coalescer<Value>(_ ask: @escaping (@escaping @Sendable (Value) -> Void) -> Void) -> Coalescer<Value> {
    Coalescer(post: { [weak self] job in self?.loop?.post(job) }, ask: ask)
  }

  /// Calls back on the loop.
  func onLoop<Value: Sendable>(_ body: @escaping @Sendable (Value) -> Void) -> @Sendable (Value) -> Void {
    { [weak self] value in self?.loop?.post { body(value) } }
  }
}
