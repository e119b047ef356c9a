internal import PupSystem

/// A process that has left what its run is known by: its cgroup, or (where a pup-init was killed) its session.
typealias Stray = ProcessIdentity
