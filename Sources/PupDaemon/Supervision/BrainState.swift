internal import PupConfig
internal import PupInstance
internal import PupSystem

/// How far a brain has come, and with what. Every part of it may ask; what changes it says so. Belongs to the control loop.
final class BrainState {
  /// What the brain is waiting for.
  enum Phase {
    /// The keeper's welcome.
    case greeting
    /// The keeper's list of runs.
    case inventory
    /// The keeper's word on runs that an earlier keeper started.
    case adopting(Set<EntryKey>)
    case supervising
    /// Everything has stopped; the last output is on its way to the logs.
    case leaving
  }

  var phase = Phase.greeting
  /// Nil before the keeper's welcome.
  var instance: SupervisedInstance?

  var isSupervising: Bool { if case .supervising = phase { true } else { false } }
  var isLeaving: Bool { if case .leaving = phase { true } else { false } }
  var configuration: PupConfiguration? { instance?.configuration }
}
