/// Where a spawn failed. Raw values are shared with the C code that runs between clone and exec.
package enum SpawnStage: UInt32, Hashable, Sendable, CaseIterable {
  case specification = 1
  case pipe, clone, setsid, cgroup, limits, chdir, descriptors, exec
  case initProcess, refused, watch

  /// The text that begins the error message.
  package var word: String {
    switch self {
    case .specification: "read the spawn specification"
    case .pipe: "make the output pipes"
    case .clone: "clone"
    case .setsid: "setsid"
    case .cgroup: "join the cgroup"
    case .limits: "set the limits"
    case .chdir: "chdir"
    case .descriptors: "arrange the descriptors"
    case .exec: "exec"
    case .initProcess: "start pup-init"
    case .refused: "refused by the keeper"
    case .watch: "watch for its end"
    }
  }
}
