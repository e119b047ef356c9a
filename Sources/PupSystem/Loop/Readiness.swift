internal import CLinux

/// What epoll is asked to report, or reports.
package struct Readiness: OptionSet, Hashable, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let read = Readiness(rawValue: UInt32(PUP_EPOLL_IN))
  package static let write = Readiness(rawValue: UInt32(PUP_EPOLL_OUT))
  /// Exceptional condition; cgroup.events files use it to signal a change.
  package static let priority = Readiness(rawValue: UInt32(PUP_EPOLL_PRI))
  package static let error = Readiness(rawValue: UInt32(PUP_EPOLL_ERR))
  package static let hangUp = Readiness(rawValue: UInt32(PUP_EPOLL_HUP))
  /// Report once, then stay silent until `modify`.
  package static let once = Readiness(rawValue: PUP_EPOLL_ONESHOT)
  /// Report changes instead of levels.
  package static let edge = Readiness(rawValue: PUP_EPOLL_EDGE)
}
