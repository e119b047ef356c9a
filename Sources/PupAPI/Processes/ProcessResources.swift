/// Resources used by a process's whole tree, measured within the last two seconds.
public struct ProcessResources: Hashable, Sendable {
  /// The number of processes in the tree.
  public var processes: Int
  /// Their total resident memory, in bytes; shared pages are counted for each process.
  public var memory: Int64
  /// CPU time of the current run so far, in seconds.
  public var cpuSeconds: Double
  /// Percent of one CPU since the last measurement, or over the whole run if there was none.
  public var cpuPercent: Double

  /// A measurement.
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
