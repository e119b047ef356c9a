internal import PupBasics

/// Writes the fields of a record. Fields of unbounded length are truncated so that the total is bounded.
struct RecordWriter {
  static let longestID = 64
  static let longestName = 40
  static let mostNames = 4
  static let longestFailure = 120
  /// Stands for a name that was dropped for lack of space.
  static let unnamed: Int32 = -1

  private(set) var fields = ByteWriter()
  /// Consumers' names; an actor refers to its name by index.
  private(set) var names: [String] = []

  mutating func byte(_ value: UInt8) { fields.put(value) }

  mutating func flag(_ value: Bool) { fields.put(value) }

  mutating func integer<Value: FixedWidthInteger>(_ value: Value) { fields.put(value) }

  mutating func optional<Value: FixedWidthInteger>(_ value: Value?) {
    flag(value != nil)
    if let value { integer(value) }
  }

  /// A section that later builds may extend.
  private mutating func part(_ write: (inout RecordWriter) -> Void) {
    var inner = RecordWriter()
    inner.names = names
    write(&inner)
    names = inner.names
    fields.record { $0.append(inner.fields.bytes) }
  }

  /// At most 255 bytes, cut between characters.
  mutating func text(_ text: String, longest: Int) {
    var cut = Substring(text)
    while cut.utf8.count > longest { cut.removeLast() }
    byte(UInt8(cut.utf8.count))
    fields.append(cut.utf8)
  }

  mutating func actor(_ actor: Cause) {
    let (kind, value): (UInt8, Int32) =
      switch actor {
      case .consumer(let name): (1, number(of: name))
      case .signal(let number): (2, number)
      case .configuration: (3, 0)
      case .autostart: (4, 0)
      case .cron: (5, 0)
      case .terminateCron: (6, 0)
      case .watch: (7, 0)
      case .restartPolicy: (8, 0)
      case .timeout: (9, 0)
      case .takeOver: (10, 0)
      case .program: (11, 0)
      }
    byte(kind)
    integer(value)
  }

  mutating func actor(_ actor: Cause?) {
    if let actor { self.actor(actor) } else { byte(0) }
  }

  /// Always the same length, so that a reader can skip an unknown kind.
  mutating func exit(_ status: ExitStatus) {
    let (kind, value): (UInt8, Int32) =
      switch status {
      case .unknown: (0, 0)
      case .exited(let code): (1, code)
      case .signaled(let signal, let dumpedCore): (dumpedCore ? 3 : 2, signal)
      }
    byte(kind)
    integer(value)
  }

  mutating func end(_ end: RunEnd?) {
    flag(end != nil)
    guard let end else { return }
    part { writer in
      writer.exit(end.exit)
      writer.actor(end.wish)
      writer.flag(end.wentToBackground)
      writer.flag(end.failure != nil)
      if let failure = end.failure { writer.text(failure, longest: Self.longestFailure) }
    }
  }

  mutating func schedule(_ schedule: ScheduleRecord) {
    optional(schedule.slot.next?.microseconds)
    optional(schedule.slot.followedTo?.microseconds)
    integer(schedule.pattern)
  }

  mutating func runs(_ runs: [Run]) {
    let newest = runs.suffix(ProcessPolicy.mostRuns)
    byte(UInt8(newest.count))
    for run in newest { part { $0.run(run) } }
  }

  private mutating func run(_ run: Run) {
    integer(run.key.generation)
    switch run.phase {
    case .starting: byte(0)
    case .running(let pid, let timeoutAt):
      byte(1)
      integer(pid)
      optional(timeoutAt?.nanoseconds)
    case .stopping(let pid, let stop):
      byte(2)
      optional(pid)
      actor(stop.actor)
      let (stage, at): (UInt8, Instant) =
        switch stop.stage {
        case .grace(let until): (0, until)
        case .asked(let othersAt): (1, othersAt)
        case .askedAll: (2, stop.killAt)
        case .killing(let again): (3, again)
        }
      byte(stage)
      integer(at.nanoseconds)
      integer(stop.killAt.nanoseconds)
    case .settling(let status, let until, let killAt):
      byte(3)
      exit(status)
      integer(until.nanoseconds)
      integer(killAt.nanoseconds)
    case .emptying(let status, let emptying):
      byte(4)
      exit(status)
      actor(emptying.wish)
      flag(emptying.isKilling)
      flag(emptying.isBackground)
      integer(emptying.killAt.nanoseconds)
    case .kept(let status, let tellAt):
      byte(5)
      exit(status)
      optional(tellAt?.nanoseconds)
    }
  }

  private mutating func number(of name: String) -> Int32 {
    if let known = names.firstIndex(of: name) { return Int32(known) }
    guard names.count < Self.mostNames else { return Self.unnamed }
    names.append(name)
    return Int32(names.count - 1)
  }
}
