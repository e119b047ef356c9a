package enum Severity: String, Hashable, Sendable, CaseIterable { case log, info, warn, error }
