internal import PupBasics

/// The folder of one process's segments below the log directory.
package struct ProcessFolder: Hashable, Sendable {
  package let path: String
  package let process: String

  /// - Parameter directory: `<data>/logs`.
  package init(directory: String, process: String) {
    self.process = process
    path = directory + "/" + Self.name(of: process)
  }

  /// The folder's name for a process id. Ids are already valid file names; what is not (a slash, a leading dot) is written as
  /// %XX, so that no id can escape the log directory.
  static func name(of process: String) -> String {
    var name = ""
    for (place, byte) in process.utf8.prefix(80).enumerated() {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "@"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        name.unicodeScalars.append(Unicode.Scalar(byte))
      case UInt8(ascii: ".") where place > 0: name += "."
      default: name += "%" + HexText.digits(UInt64(byte), 2)
      }
    }
    return name.isEmpty ? "%" : name
  }

  static func process(of name: String) -> String {
    guard name.utf8.contains(UInt8(ascii: "%")) else { return name }
    var bytes: [UInt8] = []
    var rest = Array(name.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else if byte != UInt8(ascii: "%") {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// All folders below the log directory, sorted by name.
  static func all(in directory: String) -> [ProcessFolder] {
    LogFile.names(in: directory).sorted().compactMap { name in
      // A file, or a folder that is not ours, holds no segments, which becomes apparent when it is read.
      guard !name.hasPrefix(".") else { return nil }
      return ProcessFolder(path: directory + "/" + name, process: process(of: name))
    }
  }

  private init(path: String, process: String) {
    self.path = path
    self.process = process
  }

  func path(of segment: SegmentName) -> String { path + "/" + segment.text }

  /// Oldest first.
  func segments() -> [SegmentName] { LogFile.names(in: path).compactMap { SegmentName($0) }.sorted() }
}
