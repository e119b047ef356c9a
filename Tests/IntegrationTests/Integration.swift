internal import Testing

/// One after the other: each of these tests is about time, and has the machine's processors for itself.
@Suite(.serialized) enum Integration {}
