import Glibc
import PupSystem
import PupWeb
import Testing

@Suite("What keeps a port from being listened on") struct ListeningFailureTests {
  private func failure(_ host: String, _ port: UInt16) -> String {
    do throws(ListeningFailure) {
      close(try ListeningSocket.tcp(host: host, port: port).descriptor)
      return "nothing"
    } catch {
      return "\(error)"
    }
  }

  @Test("is named: the host, the address, the port") func reasons() throws {
    let taken = try ListeningSocket.tcp(host: "127.0.0.1", port: 0)
    defer { close(taken.descriptor) }
    let port = failure("127.0.0.1", taken.port)
    #expect(port.hasPrefix("cannot listen on 127.0.0.1:\(taken.port): another program has the port") && port.contains("api.port"))
    let address = failure("192.0.2.1", 0)
    #expect(address.contains("this machine does not have the address") && address.contains("api.hostname"))
    let host = failure("no such host", 0)
    #expect(host.contains("the host no such host cannot be looked up") && host.contains("api.hostname"))
    #expect(!address.contains("another program") && !host.contains("another program"))
  }

  @Test("is named: the privilege") func privilege() {
    let error = ListeningFailure.refused("::1", 443, .init("bind", errno: EACCES))
    #expect("\(error)".hasPrefix("cannot listen on [::1]:443: ports below 1024 are for root"))
    let unknown = ListeningFailure.refused("127.0.0.1", 8080, .init("bind", errno: EIO))
    #expect("\(unknown)".contains("Input/output error"))
  }
}
