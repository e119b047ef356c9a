internal import PupSystem

/// The read end of one output stream of a run, and how much has been taken out of it.
struct OutputPipe {
  let descriptor: Descriptor
  var row: UInt32
  var consumed: UInt64
  /// An answer to a "consume" that did not fit into the socket.
  var unanswered: Answer?

  struct Answer {
    var short: Bool
  }
}
