/// The supervisor and its machine.
public struct ApplicationState: Hashable, Sendable {
  /// Bytes.
  public struct SystemMemory: Hashable, Sendable {
    public var total: Int64 = 0
    public var free: Int64 = 0
    public var available: Int64 = 0
    public var buffers: Int64 = 0
    public var cached: Int64 = 0
    public var swapTotal: Int64 = 0
    public var swapFree: Int64 = 0

    public init() {}
  }

  public var pid: Int32
  public var version: String
  public var status: String
  public var updated: ISODate
  public var started: ISODate
  /// The supervisor's own, in the terms of the original.
  public var memory: ProcessTelemetry.Memory
  public var port: Int32
  public var systemMemory: SystemMemory
  /// Over 1, 5 and 15 minutes.
  public var loadAverage: [Double]
  /// Seconds.
  public var osUptime: Double
  public var osRelease: String
  public var runtime: String
  public var processes: [ProcessInformation]

  public init(pid: Int32, version: String, started: ISODate, updated: ISODate) {
    self.pid = pid
    self.version = version
    self.started = started
    self.updated = updated
    status = ""
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
      $0.member("status", status)
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
