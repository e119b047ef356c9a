internal import PupCore

extension ConfigurationBuilder {
  mutating func addMembers(of process: ProcessConfiguration, _ reader: ObjectReader) {
    var cluster = ClusterConfiguration(id: process.id, instances: Int(reader.integer("instances") ?? 1))
    cluster.startPort = reader.port("startPort")
    cluster.commonPort = reader.port("commonPort")
    cluster.strategy = reader.text("strategy").flatMap(ClusterConfiguration.Strategy.init(rawValue:))
    check(cluster, reader)
    guard configuration.processes.count + cluster.instances <= Self.processLimit else {
      collector.report(
        at: reader.place(of: "instances"), "there would be more than \(Self.processLimit) processes", "use fewer instances")
      return
    }
    for instance in 0..<cluster.instances {
      let id = cluster.memberID(instance)
      // Reporting one collision is enough.
      guard takeID(id, at: reader.place(of: "instances"), cluster: cluster.id.text) else { return }
      var member = process
      member.id = id
      member.cluster = ClusterMembership(id: cluster.id, instance: instance, port: cluster.port(of: instance))
      configuration.processes.append(member)
    }
    configuration.clusters.append(cluster)
  }

  private mutating func check(_ cluster: ClusterConfiguration, _ reader: ObjectReader) {
    if cluster.commonPort != nil {
      collector.report(
        at: reader.place(of: "commonPort"), "the load balancer for `commonPort` is not implemented yet",
        "use `startPort` instead: each instance then listens on the port in its variable PUP_CLUSTER_PORT")
    } else if cluster.strategy != nil {
      collector.report(
        .warning, at: reader.place(of: "strategy"), "`strategy` has no effect: the load balancer is not implemented yet",
        "remove the key; `startPort` gives each instance its own port")
    }
    if let start = cluster.startPort, Int(start) + cluster.instances - 1 > Int(UInt16.max) {
      collector.report(
        at: reader.place(of: "startPort"), "the last instance would need the port \(Int(start) + cluster.instances - 1)",
        "start lower, or use fewer instances: the highest port is 65535")
    }
    if cluster.instances == 0 {
      collector.report(.warning, at: reader.place(of: "instances"), "the cluster has no instances", "none of it will run")
    }
  }
}
