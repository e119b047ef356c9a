internal import CLinux
internal import Glibc
internal import PupSystem

/// Why a directory cannot be watched.
enum WatchProblem: Error, Hashable, Sendable {
  /// Not there, or not (or no longer) a directory.
  case gone
  case denied
  /// The hub's own limit.
  case tooManyWatches(limit: Int)
  /// fs.inotify.max_user_watches
  case kernelWatchLimit
  /// fs.inotify.max_user_instances, or the limit of open files.
  case instanceLimit
  case outOfMemory
  case cannotWatch(SystemError)

  init(createErrno errno: Int32) {
    switch errno {
    case EMFILE, ENFILE: self = .instanceLimit
    case ENOMEM: self = .outOfMemory
    default: self = .cannotWatch(SystemError("inotify_init1", errno: errno))
    }
  }

  init(addErrno errno: Int32) {
    switch errno {
    case ENOENT, ENOTDIR, ELOOP: self = .gone
    case EACCES, EPERM: self = .denied
    case ENOSPC: self = .kernelWatchLimit
    case ENOMEM: self = .outOfMemory
    default: self = .cannotWatch(SystemError("inotify_add_watch", errno: errno))
    }
  }

  init(openErrno errno: Int32) {
    switch errno {
    case ENOENT, ENOTDIR, ELOOP: self = .gone
    case EACCES, EPERM: self = .denied
    default: self = .cannotWatch(SystemError("open", errno: errno))
    }
  }

  /// Whether watching has become impossible for good, so that only polling is left.
  var isLimit: Bool {
    switch self {
    case .tooManyWatches, .kernelWatchLimit, .instanceLimit, .outOfMemory: true
    case .gone, .denied, .cannotWatch: false
    }
  }

  var text: String {
    switch self {
    case .gone: "does not exist"
    case .denied: "cannot be read; give this user permission to read and enter it"
    case .tooManyWatches(let limit): "more than \(limit) directories to watch; add to watcher.skip what need not be watched"
    case .kernelWatchLimit:
      "the kernel's limit on watched directories is reached; raise it (sysctl fs.inotify.max_user_watches=524288), "
        + "or add to watcher.skip what need not be watched"
    case .instanceLimit:
      "no inotify descriptor is left; raise the limit (sysctl fs.inotify.max_user_instances=512) or the one on open files (ulimit -n)"
    case .outOfMemory: "the kernel has no memory left for watches; add to watcher.skip what need not be watched"
    case .cannotWatch(let error): "cannot be watched: \(String(cString: pup_error_text(error.errno))) (\(error.call))"
    }
  }
}
