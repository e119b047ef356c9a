internal import Glibc
internal import PupBasics
internal import PupCore
internal import PupLogs
internal import PupStore
internal import PupSystem

/// The keeper watches the control loop, and the control loop watches the others. Belongs to the control loop.
final class LoopCare {
  var watch = LoopWatch()
  private let logs: BrainLogs
  private let interface: Interface
  private let watching: Watching

  init(_ logs: BrainLogs, _ interface: Interface, _ watching: Watching) {
    (self.logs, self.interface, self.watching) = (logs, interface, watching)
  }

  /// The other loops of this process. Without its log and web loops a supervisor is useless; the others may wait for a disk, or
  /// read a large tree, for as long as it takes.
  var others: [(loop: EventLoop, isEssential: Bool)] {
    let surface = interface.surface
    let essential = [logs.logLoop, surface?.web?.loop]
    let patient = [surface?.queries.loop, surface?.sampler.loop, surface?.store?.loop, watching.loop]
    return essential.compactMap { $0.map { ($0, true) } } + patient.compactMap { $0.map { ($0, false) } }
  }

  /// Called every second, but not by a supervisor that is shutting down: that has deadlines of its own.
  func look() {
    let subjects = others.map { LoopWatch.Subject($0.loop, isEssential: $0.isEssential) }
    for finding in watch.look(at: subjects, now: Clock.monotonic) { report(finding) }
  }

  private func report(_ finding: LoopWatch.Finding) {
    switch finding {
    case .busy(let name, let time, let waitsForDisk):
      let reason = waitsForDisk ? "; it is waiting for a disk or a file system that does not respond" : ""
      let line = "thread \(name) has been stuck in one piece of work for \(Self.seconds(time))\(reason)"
      logs.log(.warn, .core, line)
      // The log itself may be what is stuck.
      if name == logs.logLoop?.name { LastWord.say("pup-supervisor: \(line)") }
    case .recovered(let name, let time):
      logs.log(.info, .core, "thread \(name) continues after \(Self.seconds(time))")
    case .endless(let name, let time):
      LastWord.say(
        "pup-supervisor: thread \(name) has been stuck in one piece of work for \(Self.seconds(time)); aborting, so that another "
          + "supervisor takes over")
      // As the keeper ends a supervisor that hangs: a core dump shows where. Exit handlers might wait for that thread.
      abort()
    }
  }

  private static func seconds(_ nanoseconds: Int64) -> String { "\(nanoseconds / 1_000_000_000) s" }

  func append(to text: inout MetricsText) {
    text.gauge(
      "pup_thread_stuck_seconds",
      "How long a thread of the supervisor has been stuck in one piece of work; reported from 10 s on."
    ) {
      for (name, nanoseconds) in watch.stuck { $0.sample(["thread": name], Double(nanoseconds) / 1_000_000_000) }
    }
  }
}
