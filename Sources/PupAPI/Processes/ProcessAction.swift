/// Actions on a process; the words are path segments.
public enum ProcessAction: String, Hashable, Sendable, CaseIterable { case start, stop, restart, block, unblock }
