/// What a program reports of itself.
public struct ProcessTelemetry: Hashable, Sendable {
  /// Longest text, in characters (Unicode scalars).
  public static let longestText = 4096

  /// Bytes.
  public struct Memory: Hashable, Sendable {
    /// Outside of the heap. `PupTelemetry` reports mapped files and shared memory.
    public var external: Double
    /// Reserved for the heap.
    public var heapTotal: Double
    /// Of the heap, what is in use.
    public var heapUsed: Double
    /// Resident set.
    public var rss: Double

    /// Bytes each.
    public init(external: Double = 0, heapTotal: Double = 0, heapUsed: Double = 0, rss: Double = 0) {
      self.external = external
      self.heapTotal = heapTotal
      self.heapUsed = heapUsed
      self.rss = rss
    }
  }

  /// The process's id.
  public var sender: String
  /// At the time of the report.
  public var memory: Memory
  /// As the program wrote it: a date's text in the original's client.
  public var sent: String
  /// The program's working directory.
  public var cwd: String

  /// A report.
  /// - Parameter sender: replaced by the server for a program's own token.
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
    // All of these are shown in every listing.
    for name in ["sender", "sent", "cwd"] where try fields.string(name).unicodeScalars.count > Self.longestText {
      throw fields.wrong(name, "at most \(Self.longestText) characters long")
    }
    self.init(
      sender: try fields.string("sender"),
      memory: Memory(
        external: try memory.number("external"), heapTotal: try memory.number("heapTotal"),
        heapUsed: try memory.number("heapUsed"), rss: try memory.number("rss")),
      sent: try fields.string("sent"), cwd: try fields.string("cwd"))
  }
}
