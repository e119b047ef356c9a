internal import PupBasics

/// Everything that a later brain must know about one process to continue, in at most `longest` bytes.
package struct ProcessRecord: Hashable, Sendable {
  /// The maximum size of `encoded()`, in bytes.
  package static let longest = 1024

  package var id: ProcessID
  var state = ProcessMachine.State.down(.created)
  var kept: [Run] = []
  var generation: UInt32 = 0
  var restarts = 0
  var heldBy: Cause?
  var blockedBy: Cause?
  var lastEnd: RunEnd?
  var startedBy: Cause?
  var started: WallTime?
  var exited: WallTime?
  var updated = WallTime(microseconds: 0)
  var cron = ScheduleRecord()
  var terminateCron = ScheduleRecord()
  /// Who asked for everything to be stopped, if someone did.
  var terminating: Cause?
  /// The highest generation of any removed process in the instance. A process with the same name must continue from there.
  var generationFloor: UInt32 = 0

  package init(id: ProcessID) { self.id = id }
}

/// How far a schedule has been followed, and for which pattern.
struct ScheduleRecord: Hashable, Sendable {
  var slot = ProcessMachine.Slot()
  var pattern: UInt64 = 0

  init() {}

  init(slot: ProcessMachine.Slot, schedule: CronSchedule?) {
    self.slot = slot
    pattern = Self.fingerprint(schedule)
  }

  static func fingerprint(_ schedule: CronSchedule?) -> UInt64 {
    guard let schedule else { return 0 }
    var hash = StableHash()
    hash.add(schedule.pattern.utf8)
    hash.add([0])
    hash.add(schedule.zone.name.utf8)
    return hash.value
  }
}

extension ProcessMachine {
  func record(terminating: Cause?, generationFloor: UInt32) -> ProcessRecord {
    var record = ProcessRecord(id: id)
    record.state = state
    record.kept = kept
    record.generation = generation
    record.restarts = restarts
    record.heldBy = heldBy
    record.blockedBy = blockedBy
    record.lastEnd = lastEnd
    record.startedBy = startedBy
    record.started = started
    record.exited = exited
    record.updated = updated
    record.cron = ScheduleRecord(slot: cron, schedule: policy.cron)
    record.terminateCron = ScheduleRecord(slot: terminateCron, schedule: policy.terminateCron)
    record.terminating = terminating
    record.generationFloor = generationFloor
    return record
  }

  mutating func restore(_ record: ProcessRecord) {
    state = record.state
    kept = record.kept
    generation = record.generation
    restarts = record.restarts
    heldBy = record.heldBy
    blockedBy = record.blockedBy
    lastEnd = record.lastEnd
    startedBy = record.startedBy
    started = record.started
    exited = record.exited
    updated = record.updated
    // Nothing is known about a different pattern.
    if record.cron.pattern == ScheduleRecord.fingerprint(policy.cron) { cron = record.cron.slot }
    if record.terminateCron.pattern == ScheduleRecord.fingerprint(policy.terminateCron) {
      terminateCron = record.terminateCron.slot
    }
  }
}
