internal import CLinux
internal import Glibc

/// Stands in for a proper PID 1: what outlives its keeper becomes this process's child and is reaped as soon as it ends. (Init
/// processes of containers are slow at it, or never do it.)
enum Orphans {
  private static let isSubreaper: Bool = pup_set_subreaper(true) >= 0

  /// Before anything is started.
  static func expect() { _ = isSubreaper }

  /// Reaps these, each by a thread of its own. Those that are nobody's orphans yet are left alone.
  static func reap(_ pids: [Int32]) {
    for pid in pids {
      let pidfd = pup_pidfd_open(pid)
      guard pidfd >= 0 else { continue }
      var thread = pthread_t()
      let argument = UnsafeMutableRawPointer(bitPattern: Int(pidfd))
      let code = pthread_create(
        &thread, nil,
        { argument in
          let pidfd = Int32(Int(bitPattern: argument))
          var ready = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
          while poll(&ready, 1, -1) < 0, errno == EINTR {}
          // A pup-init keeps its leader until it ends itself; only then it is ours to reap.
          var status = pup_child_status()
          for _ in 0..<400 where pup_wait_pidfd(pidfd, false, &status) <= 0 { poll(nil, 0, 5) }
          close(pidfd)
          return nil
        }, argument)
      if code == 0 { pthread_detach(thread) } else { close(pidfd) }
    }
  }
}
