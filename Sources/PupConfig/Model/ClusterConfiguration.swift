package import PupCore

/// A process that runs in several instances.
package struct ClusterConfiguration: Hashable, Sendable {
  /// How a load balancer chooses an instance.
  package enum Strategy: String, Hashable, Sendable, CaseIterable {
    case roundRobin = "round-robin"
    case leastConnections = "least-connections"
    case ipHash = "ip-hash"
  }

  package var id: ProcessID
  package var instances: Int
  /// Instance i listens on `startPort + i`.
  package var startPort: UInt16?
  /// The port whose connections are distributed among the instances.
  package var commonPort: UInt16?
  package var strategy: Strategy?

  package init(id: ProcessID, instances: Int) {
    self.id = id
    self.instances = instances
  }

  /// The id of a member, counted from 0: the members of "web" are "web-1", "web-2" ….
  package func memberID(_ instance: Int) -> ProcessID { ProcessID("\(id.text)-\(instance + 1)") }
}

extension ClusterConfiguration {
  /// The port that an instance is told to listen on; nil if none is configured.
  package func port(of instance: Int) -> UInt16? {
    guard let startPort else { return nil }
    return UInt16(exactly: Int(startPort) + instance)
  }
}
