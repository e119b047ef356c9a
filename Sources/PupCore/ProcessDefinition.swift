/// A process as the core knows it: a name and a policy.
package struct ProcessDefinition: Hashable, Sendable {
  package var id: ProcessID
  package var policy: ProcessPolicy
  /// The cluster that this process belongs to.
  package var cluster: ProcessID?

  package init(id: ProcessID, policy: ProcessPolicy, cluster: ProcessID? = nil) {
    self.id = id
    self.policy = policy
    self.cluster = cluster
  }
}
