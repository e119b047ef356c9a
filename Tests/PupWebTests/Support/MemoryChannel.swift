import Glibc
import PupSystem
import PupWeb

/// A way to a server's operations that is not HTTP.
struct MemoryChannel {
  let server: TestServer

  func call(_ name: String, _ parameters: [String: String] = [:], token: String?, body: String? = nil) -> CallAnswer {
    perform(name, MemoryCall(server.server.service.services, token: token, parameters, body: body))
  }

  func perform(_ name: String, _ call: MemoryCall) -> CallAnswer {
    let service = server.server.service
    server.loop.post { service.serve(call, of: name) }
    while call.received.isEmpty { sched_yield() }
    let answer = call.received[0]
    if case .stream(let source) = answer { server.loop.post { source.closed() } }
    return answer
  }
}
