/// The state of the supervisor and its machine.
public struct ApplicationState: Hashable, Sendable {
  /// Bytes.
  public struct SystemMemory: Hashable, Sendable {
    /// `MemTotal` of proc_meminfo(5).
    public var total: Int64 = 0
    /// `MemFree`.
    public var free: Int64 = 0
    /// `MemAvailable`: memory available to programs without swapping.
    public var available: Int64 = 0
    /// `Buffers`.
    public var buffers: Int64 = 0
    /// `Cached`.
    public var cached: Int64 = 0
    /// `SwapTotal`.
    public var swapTotal: Int64 = 0
    /// `SwapFree`.
    public var swapFree: Int64 = 0

    /// All zeros.
    public init() {}
  }

  /// The supervisor's pid.
  public var pid: Int32
  /// Pup's version.
  public var version: String
  /// What the supervisor is doing.
  public var status: SupervisorCondition
  /// Nil unless the supervisor is in safe mode.
  public var safeMode: SafeMode?
  /// When this was read.
  public var updated: ISODate
  /// When this instance was started.
  public var started: ISODate
  /// The supervisor's own memory, in the original's terms.
  public var memory: ProcessTelemetry.Memory
  /// The interface's port; 0 if there is none.
  public var port: Int32
  /// The machine's memory.
  public var systemMemory: SystemMemory
  /// Over 1, 5 and 15 minutes.
  public var loadAverage: [Double]
  /// Seconds.
  public var osUptime: Double
  /// The kernel's release, as reported by uname(2).
  public var osRelease: String
  /// What Pup runs on.
  public var runtime: String
  /// Every process and cluster.
  public var processes: [ProcessInformation]

  /// All other members are zero or empty until set.
  public init(pid: Int32, version: String, started: ISODate, updated: ISODate) {
    self.pid = pid
    self.version = version
    self.started = started
    self.updated = updated
    status = .unknown
    memory = ProcessTelemetry.Memory()
    port = 0
    systemMemory = SystemMemory()
    loadAverage = [0, 0, 0]
    osUptime = 0
    osRelease = ""
    runtime = ""
    processes = []
  }
}

extension ApplicationState: JSONEncodable {
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("pid", pid)
      $0.member("version", version)
      $0.member("status", status.rawValue)
      if let safeMode { $0.member("safeMode", safeMode) }
      $0.member("updated", updated)
      $0.member("started", started)
      $0.name("memory")
      $0.object {
        $0.member("external", memory.external)
        $0.member("heapTotal", memory.heapTotal)
        $0.member("heapUsed", memory.heapUsed)
        $0.member("rss", memory.rss)
      }
      $0.member("port", port)
      $0.name("systemMemory")
      $0.object {
        $0.member("total", systemMemory.total)
        $0.member("free", systemMemory.free)
        $0.member("available", systemMemory.available)
        $0.member("buffers", systemMemory.buffers)
        $0.member("cached", systemMemory.cached)
        $0.member("swapTotal", systemMemory.swapTotal)
        $0.member("swapFree", systemMemory.swapFree)
      }
      $0.member("loadAvg", loadAverage)
      $0.member("osUptime", osUptime)
      $0.member("osRelease", osRelease)
      $0.member("runtime", runtime)
      $0.member("type", "main")
      $0.member("processes", processes)
    }
  }
}
