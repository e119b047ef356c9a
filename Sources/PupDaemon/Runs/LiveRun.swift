internal import PupInstance
internal import PupSystem

/// A run from the moment it is asked for until the keeper may forget it.
struct LiveRun {
  var record: RunRecord
  /// Copies of the read ends, for a new keeper if the old one dies; the pump has its own. Nil where there is none.
  var output: Descriptor?
  var error: Descriptor?
  /// Streams that the pump still reads.
  var openStreams: Set<OutputStream> = []
  /// What the keeper said last.
  var exit: ExitRecord?
  var isEmpty = false
  /// The core is done with it.
  var isReleased = false
  /// This brain has begun to start it.
  var isRequested = false
  /// The keeper has been asked for it.
  var isSent = false
  /// What it executes; nil where another brain has started it.
  var executable: String?
  /// What was known to be wrong with that.
  var planProblem: String?
  /// The core has been told that it executes.
  var isAnnounced = false

  /// Only its output has to be read to its end.
  var isOver: Bool { isEmpty && isReleased }
  /// The keeper may forget it.
  var isDone: Bool { isOver && openStreams.isEmpty }
}
