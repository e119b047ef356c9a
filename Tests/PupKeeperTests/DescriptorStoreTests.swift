import Glibc
import PupBasics
import PupSystem
import Testing

@testable import PupKeeper

@Suite struct DescriptorStoreTests {
  /// A descriptor, and the far end that tells when its last copy is closed.
  private struct Probe {
    let descriptor: Descriptor
    private let far: Int32

    init() throws {
      var ends: [Int32] = [-1, -1]
      try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
      (descriptor, far) = (Descriptor(ends[0]), ends[1])
    }

    /// Whether a copy is open at this moment.
    var isOpen: Bool {
      var byte: UInt8 = 0
      return recv(far, &byte, 1, Int32(MSG_DONTWAIT)) != 0
    }

    /// Waits for the last copy to be closed: a child that another test has cloned holds one until its exec.
    func closes() -> Bool {
      var event = pollfd(fd: far, events: Int16(POLLIN), revents: 0)
      return poll(&event, 1, 20_000) == 1 && !isOpen
    }

    func end() { close(far) }
  }

  @Test func keepsInOrderReplacesAndDrops() throws {
    let store = DescriptorStore()
    let (web, api, newWeb) = (try Probe(), try Probe(), try Probe())
    defer { for probe in [web, api, newWeb] { probe.end() } }
    try store.keep(web.descriptor, name: "web")
    try store.keep(api.descriptor, name: "api")
    #expect(store.names == ["web", "api"])
    #expect(store.descriptors == [web.descriptor.number, api.descriptor.number])
    try store.keep(newWeb.descriptor, name: "web")
    #expect(store.names == ["web", "api"])
    #expect(web.closes() && newWeb.isOpen)
    store.drop(name: "unknown")
    store.drop(name: "web")
    #expect(store.names == ["api"])
    #expect(newWeb.closes() && api.isOpen)
    store.dropAll()
    #expect(store.names.isEmpty)
    #expect(api.closes())
  }

  @Test func isBounded() throws {
    let store = DescriptorStore()
    defer { store.dropAll() }
    var probes: [Probe] = []
    defer { for probe in probes { probe.end() } }
    for number in 0..<BrainMessage.keptLimit {
      probes.append(try Probe())
      try store.keep(probes[number].descriptor, name: "\(number)")
    }
    let extra = try Probe()
    probes.append(extra)
    #expect(throws: DescriptorStore.Refusal.full) { try store.keep(extra.descriptor, name: "one more") }
    #expect(extra.isOpen)
    #expect(throws: DescriptorStore.Refusal.badName) { try store.keep(extra.descriptor, name: "") }
    let longest = String(repeating: "ä", count: BrainMessage.keptNameLimit / 2)
    #expect(throws: DescriptorStore.Refusal.badName) { try store.keep(extra.descriptor, name: longest + "x") }
    store.drop(name: "0")
    try store.keep(extra.descriptor, name: longest)
    #expect(store.names.count == BrainMessage.keptLimit)
    // Replacing is possible however full it is.
    let another = try Probe()
    probes.append(another)
    try store.keep(another.descriptor, name: "1")
    #expect(probes[1].closes())
  }

  @Test func travelsThroughAnExec() throws {
    let store = DescriptorStore()
    let probe = try Probe()
    defer { probe.end() }
    try store.keep(probe.descriptor, name: "web")
    var writer = ByteWriter()
    store.write(to: &writer)
    // The exec ends all that has owned it.
    let number = probe.descriptor.take()
    var reader = ByteReader(writer.bytes[...])
    let copy = try DescriptorStore(from: &reader)
    #expect(reader.remaining == 0)
    #expect(copy.names == ["web"])
    #expect(copy.descriptors == [number])
    copy.dropAll()
    #expect(probe.closes())
  }
}
