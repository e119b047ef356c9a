internal import Glibc
internal import PupAPI
internal import PupSystem

/// The machine's part of `GET /state`, from /proc.
enum MachineState {
  static func filled(into state: ApplicationState) -> ApplicationState {
    var state = state
    state.memory.rss = Double(ownResidentBytes)
    state.memory.heapTotal = state.memory.rss
    state.memory.heapUsed = state.memory.rss
    state.systemMemory = memory()
    let load = numbers(in: "/proc/loadavg")
    if load.count >= 3 { state.loadAverage = Array(load.prefix(3)) }
    state.osUptime = numbers(in: "/proc/uptime").first ?? 0
    state.osRelease = text("/proc/sys/kernel/osrelease").trimmed
    state.runtime = "pup-swift"
    return state
  }

  /// This process's resident set.
  static var ownResidentBytes: Int64 {
    ProcFiles.stat(of: getpid()).map { $0.residentPages * Int64(sysconf(Int32(_SC_PAGESIZE))) } ?? 0
  }

  private static func memory() -> ApplicationState.SystemMemory {
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
