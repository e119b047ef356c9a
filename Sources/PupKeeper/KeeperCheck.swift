/// A new keeper executable that runs with `--check` before this process is replaced by it.
struct KeeperCheck {
  let pid: Int32
  let pidfd: Int32
  let executable: Int32
  /// CLOCK_MONOTONIC ns; one that hangs is killed then.
  var deadline: Int64
}
