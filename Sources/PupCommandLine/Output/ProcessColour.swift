internal import PupBasics
internal import PupLogs
internal import PupSystem

/// The colour of a process's name: the same one wherever and whenever it is shown. Red and grey mean something else.
enum ProcessColour {
  private static let palette = [36, 32, 35, 34, 33, 96, 92, 95, 94, 93]

  static func of(_ process: String) -> Int {
    if process == LogEntry.core { return 90 }
    return palette[Int(StableHash.value(of: process.lowercased()) % UInt64(palette.count))]
  }
}
