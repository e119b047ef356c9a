/// A program's report about itself.
public struct ProcessTelemetry: Hashable, Sendable {
  /// Maximum length of a text, in characters (Unicode scalars).
  public static let longestText = 4096

  /// Sizes in bytes.
  public struct Memory: Hashable, Sendable {
    /// Memory outside the heap. `PupTelemetry` reports mapped files and shared memory.
    public var external: Double
    /// Reserved for the heap.
    public var heapTotal: Double
    /// The used part of the heap.
    public var heapUsed: Double
    /// Resident set.
    public var rss: Double

    /// All in bytes.
    public init(external: Double = 0, heapTotal: Double = 0, heapUsed: Double = 0, rss: Double = 0) {
      self.external = external
      self.heapTotal = heapTotal
      self.heapUsed = heapUsed
      self.rss = rss
    }
  }

  /// The process's id.
  public var sender: String
  /// Memory at the time of the report.
  public var memory: Memory
  /// As written by the program; the original's client sends a date as text.
  public var sent: String
  /// The program's working directory.
  public var cwd: String

  /// A report. For a program's own token, the server replaces the sender.
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
    // These are all included in every listing.
    for name in ["sender", "sent", "cwd"] where try (fields.optionalString(name)?.unicodeScalars.count ?? 0) > Self.longestText {
      throw fields.wrong(name, "at most \(Self.longestText) characters long")
    }
    self.init(
      sender: ConsumerName.trimmed(try fields.string("sender")),
      memory: Memory(
        external: try memory.optionalNumber("external") ?? 0, heapTotal: try memory.number("heapTotal"),
        heapUsed: try memory.number("heapUsed"), rss: try memory.number("rss")),
      sent: try fields.optionalString("sent") ?? "", cwd: try fields.optionalString("cwd") ?? "")
  }
}
