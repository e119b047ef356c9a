/// Reads Server-Sent Events (WHATWG HTML, "Server-sent events") from bytes split at arbitrary positions.
struct SSEParser {
  /// A line or an event exceeds what the parser accepts.
  struct TooLong: Error, Hashable, Sendable {}

  /// The maximum length of a line and of an event's data, in bytes.
  let longest: Int
  /// The id from which the stream is resumed; empty if there is none.
  private(set) var lastID: String
  /// The delay between connections requested by the server, in milliseconds.
  private(set) var retry: Int?

  private var line: [UInt8] = []
  private var skipsLineFeed = false
  private var isFirstLine = true
  private var event = ""
  private var data: [UInt8] = []
  private var hasData = false
  private var nextID: String

  init(lastID: String = "", longest: Int = 8 << 20) {
    self.lastID = lastID
    self.longest = longest
    nextID = lastID
  }

  /// - Throws: `TooLong`; the parser cannot be used afterwards.
  mutating func feed(_ bytes: some Sequence<UInt8>, emit: (SSEFrame) -> Void) throws(TooLong) {
    for byte in bytes {
      if skipsLineFeed {
        skipsLineFeed = false
        if byte == UInt8(ascii: "\n") { continue }
      }
      switch byte {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        skipsLineFeed = byte == UInt8(ascii: "\r")
        try endLine(emit)
      default:
        guard line.count < longest else { throw TooLong() }
        line.append(byte)
      }
    }
  }

  private mutating func endLine(_ emit: (SSEFrame) -> Void) throws(TooLong) {
    if isFirstLine {
      isFirstLine = false
      if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    }
    defer { line.removeAll(keepingCapacity: true) }
    guard !line.isEmpty else { return dispatch(emit) }
    let colon = line.firstIndex(of: UInt8(ascii: ":"))
    if colon == 0 { return }
    let name = line[..<(colon ?? line.endIndex)]
    var value = colon.map { line[($0 + 1)...] } ?? []
    if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
    try field(name, value)
  }

  private mutating func field(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) throws(TooLong) {
    if name.elementsEqual("data".utf8) {
      guard data.count + value.count < longest else { throw TooLong() }
      if hasData { data.append(UInt8(ascii: "\n")) }
      data.append(contentsOf: value)
      hasData = true
    } else if name.elementsEqual("event".utf8) {
      event = String(decoding: value, as: UTF8.self)
    } else if name.elementsEqual("id".utf8) {
      // A header cannot contain NUL; tabs are the only other control characters possible here, and no valid id has them.
      if value.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) && value.count <= 200 { nextID = String(decoding: value, as: UTF8.self) }
    } else if name.elementsEqual("retry".utf8) {
      let isNumber = !value.isEmpty && value.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
      if isNumber, let number = Int(String(decoding: value, as: UTF8.self)) { retry = number }
    }
  }

  /// An event counts as received once its blank line has arrived; one that is cut off is sent again.
  private mutating func dispatch(_ emit: (SSEFrame) -> Void) {
    lastID = nextID
    defer {
      event = ""
      data.removeAll(keepingCapacity: true)
      hasData = false
    }
    guard hasData else { return }
    emit(SSEFrame(event: event.isEmpty ? "message" : event, data: String(decoding: data, as: UTF8.self), id: lastID))
  }
}
