/// What the processes of a run's tree use.
struct TreeUsage: Hashable, Sendable {
  var processes = 0
  /// Resident, in bytes.
  var memory: Int64 = 0
  /// Of the whole run, also of processes of it that have ended.
  var cpuMicroseconds: Int64 = 0
}

/// A tree to measure.
struct TreeTarget: Hashable, Sendable {
  var pid: Int32
  /// 0 without one.
  var initPid: Int32
  /// The run's cgroup; "" without one.
  var cgroup: String
}
