/// A process that has left the tree of the run that started it, and is stopped with that run.
public struct StrayProcess: Hashable, Sendable {
  /// Its process id.
  public var pid: Int32
  /// The program's name, as the kernel knows it.
  public var name: String

  /// A process that is alive.
  public init(pid: Int32, name: String) {
    self.pid = pid
    self.name = name
  }
}

extension StrayProcess: JSONEncodable {
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("pid", pid)
      $0.member("name", name)
    }
  }
}

extension StrayProcess: JSONDecodable {
  public init(json: JSONValue) throws(PupError) {
    let fields = try JSONFields(json, path: "strays")
    self.init(pid: Int32(clamping: try fields.integer("pid")), name: try fields.string("name"))
  }
}
