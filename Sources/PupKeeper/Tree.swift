/// How the members of a run's tree are known.
enum Tree {
  /// A cgroup of its own: its directory, and the events file that tells when it is empty.
  case cgroup(name: String, directory: Int32, events: Int32)
  /// A pup-init that adopts every orphan: its pid, a pidfd for it, and the pipe on which it reports.
  case initProcess(pid: Int32, pidfd: Int32, reports: Int32)
  /// The leader's session; all that is left where a run was taken over without its pup-init.
  case session
}
