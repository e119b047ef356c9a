internal import Glibc
internal import PupAPI
internal import PupSystem

/// The machine's part of `GET /state`, and what the supervisor itself uses.
struct MachineState: Sendable {
  private(set) var ownResidentBytes: Int64 = 0
  private var memory = ApplicationState.SystemMemory()
  private var loadAverage: [Double] = []
  private var uptime: Double = 0
  private var release = ""

  /// Nothing is known yet.
  init() {}

  /// From /proc: some of its files wait for locks of the kernel.
  static func read() -> MachineState {
    var state = MachineState()
    state.ownResidentBytes =
      ProcFiles.stat(of: getpid()).map { $0.residentPages * Int64(sysconf(Int32(_SC_PAGESIZE))) } ?? 0
    state.memory = readMemory()
    state.loadAverage = numbers(in: "/proc/loadavg")
    state.uptime = numbers(in: "/proc/uptime").first ?? 0
    state.release = text("/proc/sys/kernel/osrelease").trimmed
    return state
  }

  func fill(into state: inout ApplicationState) {
    state.memory.rss = Double(ownResidentBytes)
    state.memory.heapTotal = state.memory.rss
    state.memory.heapUsed = state.memory.rss
    state.systemMemory = memory
    if loadAverage.count >= 3 { state.loadAverage = Array(loadAverage.prefix(3)) }
    state.osUptime = uptime
    state.osRelease = release
    state.runtime = "pup-swift"
  }

  private static func readMemory() -> ApplicationState.SystemMemory {
    var found: [Substring: Int64] = [:]
    for line in text("/proc/meminfo").split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count >= 2, let kilobytes = Int64(words[1]) else { continue }
      found[words[0].dropLast()] = kilobytes * 1024
    }
    var memory = ApplicationState.SystemMemory()
    memory.total = found["MemTotal"] ?? 0
    memory.free = found["MemFree"] ?? 0
    memory.available = found["MemAvailable"] ?? 0
    memory.buffers = found["Buffers"] ?? 0
    memory.cached = found["Cached"] ?? 0
    memory.swapTotal = found["SwapTotal"] ?? 0
    memory.swapFree = found["SwapFree"] ?? 0
    return memory
  }

  private static func numbers(in path: String) -> [Double] { text(path).trimmed.split(separator: " ").compactMap { Double($0) } }

  private static func text(_ path: String) -> String { String(decoding: ProcFiles.read(path) ?? [], as: UTF8.self) }
}

extension String {
  fileprivate var trimmed: String { String(prefix { $0 != "\n" }) }
}
