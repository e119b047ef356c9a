/// What a process's whole tree uses, as measured within the last two seconds.
public struct ProcessResources: Hashable, Sendable {
  /// How many processes live in the tree.
  public var processes: Int
  /// Resident memory of all of them, in bytes; shared pages count for each.
  public var memory: Int64
  /// Processor time of the current run so far, in seconds.
  public var cpuSeconds: Double
  /// Percent of one processor: since the last measurement, or of the whole run where there was none.
  public var cpuPercent: Double

  /// What was measured.
  public init(processes: Int, memory: Int64, cpuSeconds: Double, cpuPercent: Double) {
    self.processes = processes
    self.memory = memory
    self.cpuSeconds = cpuSeconds
    self.cpuPercent = cpuPercent
  }
}

extension ProcessResources: JSONEncodable {
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("processes", processes)
      $0.member("memory", memory)
      $0.member("cpuSeconds", cpuSeconds)
      $0.member("cpuPercent", cpuPercent)
    }
  }
}

extension ProcessResources: JSONDecodable {
  public init(json: JSONValue) throws(PupError) {
    let fields = try JSONFields(json, path: "resources")
    self.init(
      processes: Int(clamping: try fields.integer("processes")), memory: try fields.integer("memory"),
      cpuSeconds: try fields.number("cpuSeconds"), cpuPercent: try fields.number("cpuPercent"))
  }
}
