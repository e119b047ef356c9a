import Testing

/// With real tools, processes and programs: one test at a time.
@Suite(.serialized) enum RealManagers {}
