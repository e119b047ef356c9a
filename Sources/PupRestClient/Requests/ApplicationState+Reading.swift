internal import PupAPI

extension SafeMode {
  fileprivate init(reading fields: JSONFields) throws(PupError) {
    self.init(since: try fields.date("since"), reason: try fields.string("reason"), ends: try fields.date("ends"))
  }
}

extension ApplicationState {
  init(reading json: JSONValue) throws(PupError) {
    let fields = try JSONFields(json)
    self.init(
      pid: Int32(clamping: try fields.integer("pid")), version: try fields.string("version"),
      started: try fields.date("started"), updated: try fields.date("updated"))
    status = try fields.optionalString("status").map(SupervisorCondition.init(rawValue:)) ?? .unknown
    if json["safeMode"] != nil { safeMode = try SafeMode(reading: try fields.fields("safeMode")) }
    let memory = try fields.fields("memory")
    self.memory = ProcessTelemetry.Memory(
      external: try memory.number("external"), heapTotal: try memory.number("heapTotal"),
      heapUsed: try memory.number("heapUsed"), rss: try memory.number("rss"))
    port = Int32(clamping: try fields.optionalInteger("port") ?? 0)
    let system = try fields.fields("systemMemory")
    systemMemory.total = try system.integer("total")
    systemMemory.free = try system.integer("free")
    systemMemory.available = try system.integer("available")
    systemMemory.buffers = try system.integer("buffers")
    systemMemory.cached = try system.integer("cached")
    systemMemory.swapTotal = try system.integer("swapTotal")
    systemMemory.swapFree = try system.integer("swapFree")
    loadAverage = try fields.array("loadAvg").map { $0.doubleValue ?? 0 }
    osUptime = try fields.number("osUptime")
    osRelease = try fields.string("osRelease")
    runtime = try fields.optionalString("runtime") ?? ""
    var processes: [ProcessInformation] = []
    for process in try fields.array("processes") { processes.append(try ProcessInformation(json: process)) }
    self.processes = processes
  }
}
