/// The instants of a commit at which the brain may be killed, in their order.
package enum CommitStep: Hashable, Sendable, CaseIterable {
  /// Only a part of the bytes is in the file.
  case partlyWritten
  case written
  /// The new record is in its slot; the old one is still current.
  case recorded
  /// The new record is current; the stream's committed offset is not stored yet.
  case published
  case stored
  /// Everything is committed; the keeper has not been asked to consume.
  case unrequested
}

/// Lets a test stop a pump for good at one of the steps, as SIGKILL would. True: stop here.
package typealias CommitProbe = @Sendable (CommitStep) -> Bool

/// A probe has stopped the pump.
package struct Abandoned: Error {}
