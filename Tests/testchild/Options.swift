/// What the arguments ask for.
struct Options {
  // How it ends
  var exitCode: Int32 = 0
  var afterMilliseconds: Int64?
  var holds = false
  var aborts = false
  var signalToItself: Int32?
  var stopsItself = false

  // What it does on signals
  var ignoredSignals: [Int32] = []
  var onTerminate: (milliseconds: Int64, code: Int32)?
  var terminateFile: String?

  // What it leaves behind
  var forks = 0
  var orphan = false
  var orphanIgnoresTerminate = false
  var orphanTerminateFile: String?
  var clearsOrphanEnvironment = false
  var forkBomb = 0
  var pidsFile: String?

  // Network
  var portFile: String?
  var bindPort: UInt16?

  // Reports
  var printsPid = false
  var printsEnvironment = false
  var printsDescriptors = false
  var printsLimits = false

  // Small deeds
  var touchedFile: String?
  var appended: (file: String, text: String)?
  var prompt: String?
  var notification: String?
  var megabytes = 0

  var spew = SpewOptions()
}

struct SpewOptions {
  var id: String?
  /// Lines of each stream; nil for none.
  var lines: UInt64?
  var usesOutput = true
  var usesError = false
  /// Length of a line with its newline; shorter ones are padded.
  var lineLength = 0
  /// Length of a write; 0 is one line each.
  var chunk = 0
  var leavesOutLastNewline = false
  var packets = false
  var linesPerSecond: Double?
  var countFile: String?
}
