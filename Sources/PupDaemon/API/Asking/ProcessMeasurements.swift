internal import PupAPI
internal import PupCore
internal import PupSystem

/// What the processes use, measured when somebody asks. Belongs to the control loop; /proc and cgroups are read on another one.
final class ProcessMeasurements {
  /// A run to measure.
  struct Subject: Sendable {
    var key: RunKey
    var tree: ProcessTree
    /// Microseconds since 1970; nil where the core does not know.
    var started: Int64?
  }

  /// Older measurements are made anew before they are shown.
  private static let freshness: Int64 = 1_000_000_000

  private let loop: EventLoop
  private let patient: PatientMeasurement
  private var usage: [ProcessID: MeasuredUsage] = [:]
  private(set) var machine = MachineState()
  /// By the loop's clock; nil before the first time.
  private(set) var moment: Int64?

  init(on loop: EventLoop) {
    self.loop = loop
    patient = PatientMeasurement(on: loop)
  }

  /// Called when a measurement begins to take longer than anybody waits.
  var onLate: (() -> Void)? {
    get { patient.onLate }
    set { patient.onLate = newValue }
  }

  func resources(of run: RunKey) -> ProcessResources? {
    usage[run.id].flatMap { $0.generation == run.generation ? $0.shown : nil }
  }

  var all: [(id: ProcessID, resources: ProcessResources)] {
    usage.sorted { $0.key < $1.key }.map { ($0.key, $0.value.shown) }
  }

  /// Calls back on the control loop when the measurements are fresh; at once where they are. What cannot be measured in half a
  /// second, because a process is stuck in the kernel, is shown as it was.
  /// - Parameter subjects: asked only where something is measured now.
  func whenFresh(on sampler: EventLoop, _ subjects: () -> [Subject], _ body: @escaping @Sendable () -> Void) {
    if let moment, loop.now - moment <= Self.freshness { return body() }
    patient.wait(body) {
      let measured = subjects()
      let me = LoopBound(self, to: loop)
      sampler.post { [loop] in
        let machine = MachineState.read()
        let trees = measured.map { ($0, $0.tree.usage()) }
        loop.post { me { $0.measured(trees, machine) } }
      }
    }
  }

  private func measured(_ trees: [(Subject, TreeUsage)], _ machine: MachineState) {
    let (now, wall) = (loop.now, Clock.wallMicroseconds)
    var next: [ProcessID: MeasuredUsage] = [:]
    for (subject, tree) in trees {
      let (id, generation) = (subject.key.id, subject.key.generation)
      next[id] = MeasuredUsage(
        tree, at: now, generation: generation, age: wall - (subject.started ?? wall), before: usage[id])
    }
    usage = next
    (self.machine, moment) = (machine, now)
    patient.finish()
  }
}
