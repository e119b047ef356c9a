internal import PupBasics
internal import PupSystem

/// What the ends of the brains say about the next one: when it starts, and whether with everything. Times are CLOCK_MONOTONIC ns.
struct BrainHealth: Equatable {
  /// Brains are started with only what they need to supervise and to be asked.
  struct SafeMode: Equatable {
    /// Microseconds since 1970.
    var since: Int64
    var reason: String
    /// It ends once a brain has supervised for this long.
    var trial: Int64
  }

  static let faultLimit = 5
  static let faultWindow = 60 * Clock.second
  static let firstTrial = 30 * Clock.second
  static let longestTrial = 3600 * Clock.second
  static let longestPause = 30 * Clock.second
  static let firstStartPause = Clock.second / 20
  static let longestStartPause = 2 * Clock.second

  private(set) var safeMode: SafeMode?
  private var faults: [Int64] = []
  private var pause: Int64 = 0
  private var startPause: Int64 = 0
  /// Tries in a row of which none became a brain that supervises, though none says anything about its code.
  private(set) var failedStarts: UInt32 = 0
  /// After safe mode has ended by itself, the span that its next trial takes; the first fault within it brings safe mode back.
  private var probation: Int64 = 0

  /// A brain died, or hung, by its own fault.
  /// - Parameters:
  ///   - supervised: for how long it had; 0 for one that never took over.
  ///   - because: the words for it.
  /// - Returns: the pause before the next one.
  mutating func died(supervised: Int64, because reason: String, at now: Int64, wall: Int64) -> Int64 {
    if supervised > Self.faultWindow, safeMode == nil {
      faults = []
      pause = 0
    }
    if supervised > probation { probation = 0 }
    faults = faults.filter { now - $0 < Self.faultWindow } + [now]
    if safeMode != nil {
      safeMode?.reason = "supervisors died in safe mode as well, the last because: \(reason)"
    } else if probation > 0 {
      safeMode = SafeMode(since: wall, reason: "the first supervisor after safe mode died, because: \(reason)", trial: probation)
    } else if faults.count >= Self.faultLimit {
      safeMode = SafeMode(
        since: wall, reason: "\(faults.count) supervisors died within a minute, the last because: \(reason)",
        trial: Self.firstTrial)
    }
    guard safeMode != nil else { return pause }
    pause = min(max(pause * 2, Clock.second), Self.longestPause)
    return pause
  }

  /// None could be started, for want of something that the machine may have again soon: tried again with pauses, and for as long
  /// as it takes.
  /// - Returns: the pause before the next try.
  mutating func didNotStart() -> Int64 {
    failedStarts = failedStarts &+ 1
    startPause = min(max(startPause * 2, Self.firstStartPause), Self.longestStartPause)
    return startPause
  }

  /// A brain supervises.
  mutating func isReady() {
    failedStarts = 0
    startPause = 0
  }

  /// Somebody who changed or killed the brain wants a new beginning.
  mutating func begin() { self = BrainHealth() }

  /// A brain has supervised in safe mode for as long as its trial takes; the next one gets everything.
  mutating func recover() {
    guard let safeMode else { return }
    begin()
    probation = min(safeMode.trial * 2, Self.longestTrial)
  }

  // MARK: Through an exec

  func write(to writer: inout ByteWriter) { writer.record(writeFields) }

  private func writeFields(to writer: inout ByteWriter) {
    writer.put(safeMode != nil)
    writer.put(safeMode?.since ?? 0)
    writer.put(safeMode?.reason ?? "")
    writer.put(safeMode?.trial ?? 0)
    writer.put(UInt32(faults.count))
    for fault in faults { writer.put(fault) }
    for value in [pause, startPause, probation] { writer.put(value) }
    writer.put(failedStarts)
  }

  init() {}

  init(from reader: inout ByteReader) throws(FormatError) {
    self = try reader.record { (reader) throws(FormatError) in try Self(fieldsFrom: &reader) }
  }

  private init(fieldsFrom reader: inout ByteReader) throws(FormatError) {
    self.init()
    let isSafe = try reader.getBool()
    let safe = SafeMode(since: try reader.get(), reason: try reader.getString(), trial: try reader.get())
    safeMode = isSafe ? safe : nil
    for _ in 0..<(try reader.getCount()) { faults.append(try reader.get()) }
    (pause, startPause, probation) = (try reader.get(), try reader.get(), try reader.get())
    failedStarts = try reader.get()
  }
}
