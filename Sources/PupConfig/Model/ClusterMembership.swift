package import PupCore

/// A process's position in its cluster.
package struct ClusterMembership: Hashable, Sendable {
  /// The cluster's id.
  package var id: ProcessID
  /// From 0; the program sees it as `PUP_CLUSTER_INSTANCE`.
  package var instance: Int
  /// The program's own port (`PUP_CLUSTER_PORT`); nil if it has none.
  package var port: UInt16?

  package init(id: ProcessID, instance: Int, port: UInt16? = nil) {
    self.id = id
    self.instance = instance
    self.port = port
  }
}
