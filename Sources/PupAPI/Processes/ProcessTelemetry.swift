/// What a program reports of itself.
public struct ProcessTelemetry: Hashable, Sendable {
  /// Bytes.
  public struct Memory: Hashable, Sendable {
    public var external: Double
    public var heapTotal: Double
    public var heapUsed: Double
    /// Resident set.
    public var rss: Double

    public init(external: Double = 0, heapTotal: Double = 0, heapUsed: Double = 0, rss: Double = 0) {
      self.external = external
      self.heapTotal = heapTotal
      self.heapUsed = heapUsed
      self.rss = rss
    }
  }

  /// The process's id.
  public var sender: String
  public var memory: Memory
  /// As the program wrote it: a date's text in the original's client.
  public var sent: String
  public var cwd: String

  public init(sender: String, memory: Memory, sent: String, cwd: String) {
    self.sender = sender
    self.memory = memory
    self.sent = sent
    self.cwd = cwd
  }
}

extension ProcessTelemetry: JSONEncodable {
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("sender", sender)
      $0.name("memory")
      $0.object {
        $0.member("external", memory.external)
        $0.member("heapTotal", memory.heapTotal)
        $0.member("heapUsed", memory.heapUsed)
        $0.member("rss", memory.rss)
      }
      $0.member("sent", sent)
      $0.member("cwd", cwd)
    }
  }
}

extension ProcessTelemetry: JSONDecodable {
  public init(json: JSONValue) throws(PupError) {
    let fields = try JSONFields(json)
    let memory = try fields.fields("memory")
    self.init(
      sender: try fields.string("sender"),
      memory: Memory(
        external: try memory.number("external"), heapTotal: try memory.number("heapTotal"),
        heapUsed: try memory.number("heapUsed"), rss: try memory.number("rss")),
      sent: try fields.string("sent"), cwd: try fields.string("cwd"))
  }
}
