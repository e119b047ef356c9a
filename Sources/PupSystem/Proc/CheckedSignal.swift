internal import CLinux

/// A pid may be reused between a check and the signal; an open pidfd cannot. So the check comes after the open.
enum CheckedSignal {
  static func send(_ signal: Int32, to pid: Int32, if isMeant: () -> Bool) {
    let pidfd = Descriptor(pup_pidfd_open(pid))
    guard pidfd.isOpen else { return }
    // It fails for a process that has ended in the meantime, or that has become another user's: a caller that has to know lists
    // the tree again.
    if isMeant() { _ = pup_pidfd_signal(pidfd.number, signal) }
  }
}
