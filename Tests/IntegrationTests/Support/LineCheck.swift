internal import CLinux
internal import Glibc
internal import PupTestSupport

/// Whether numbered lines ("out 1 ID …") came through complete, once, and in order. Works on mapped files without a String in
/// sight: there are millions of lines.
struct LineCheck {
  /// Of one stream: the last whole line's number, and what is wrong.
  struct Result {
    var lines: UInt64 = 0
    /// A last line that was cut short, because its program was killed within it.
    var tail = ""
    var problems: [String] = []
  }

  private(set) var out = Result()
  private(set) var err = Result()
  private let id: [UInt8]
  private let mostProblems = 5

  init(id: String) { self.id = Array(id.utf8) }

  /// A process's segments in a log store, in their order.
  mutating func read(store folder: String) {
    // Pieces of a line wait here for the rest of it.
    var pending: [UInt8: [UInt8]] = [:]
    for name in Files.names(in: folder) {
      Self.forEachLine(of: "\(folder)/\(name)") { line in
        // 2026-11-21T08:15:30.123456Z log stdout the text
        guard line.count > 32, let severityEnd = Self.index(of: 32, in: line, from: 28),
          let categoryEnd = Self.index(of: 32, in: line, from: severityEnd + 1)
        else { return note("a damaged line in \(name): \(String(decoding: line.prefix(80), as: UTF8.self))", &out) }
        let continues = line[severityEnd + 1] == UInt8(ascii: "+")
        // What Pup says of the process is not the program's: of its words only `stdout` and `stderr` have a `d` there.
        guard line[severityEnd + 3 + (continues ? 1 : 0)] == UInt8(ascii: "d") else { return }
        let goesOn = line[categoryEnd - 1] == UInt8(ascii: "+")
        // The fourth letter of stdout and stderr.
        let which = line[severityEnd + 4 + (continues ? 1 : 0)]
        let text = UnsafeRawBufferPointer(rebasing: line[(categoryEnd + 1)...])
        let isOut = which == UInt8(ascii: "o")
        if !continues, !goesOn { return check(text, isOut: isOut) }
        if continues { pending[which, default: []] += text } else { pending[which] = Array(text) }
        guard !goesOn, let whole = pending.removeValue(forKey: which) else { return }
        whole.withUnsafeBytes { check($0, isOut: isOut) }
      }
    }
    for (which, rest) in pending { keepTail(rest, isOut: which == UInt8(ascii: "o")) }
  }

  /// A file of bare lines, of both streams or one.
  mutating func read(file: String) {
    let own = id + Array(": ".utf8)
    Self.forEachLine(of: file) { line in
      if !line.starts(with: own) { check(line, isOut: line.first == UInt8(ascii: "o")) }
    }
  }

  private mutating func keepTail(_ bytes: [UInt8], isOut: Bool) {
    bytes.withUnsafeBytes { check($0, isOut: isOut) }
  }

  private mutating func check(_ line: UnsafeRawBufferPointer, isOut: Bool) {
    if isOut { Self.check(line, "out", id, &out, mostProblems) } else { Self.check(line, "err", id, &err, mostProblems) }
  }

  private static func check(
    _ line: UnsafeRawBufferPointer, _ word: StaticString, _ id: [UInt8], _ result: inout Result, _ most: Int
  ) {
    guard let base = line.baseAddress else { return }
    let count = line.count
    var at = 4
    var number: UInt64 = 0
    let isHead = count > 4 && memcmp(base, word.utf8Start, 3) == 0
    while isHead, at < count {
      let digit = line[at] &- 0x30
      if digit > 9 { break }
      number = number &* 10 &+ UInt64(digit)
      at += 1
    }
    let isWhole = isHead && at + 1 + id.count <= count && memcmp(base + at + 1, id, id.count) == 0
    if isWhole, number == result.lines + 1, result.tail.isEmpty {
      result.lines = number
    } else if !isWhole, result.tail.isEmpty, isPrefix(line, of: "\(word) \(result.lines + 1) ", id) {
      // Allowed as the very last line only: a following one finds the tail and is told.
      result.tail = String(decoding: line, as: UTF8.self)
    } else if result.problems.count < most {
      let text = String(decoding: line.prefix(60), as: UTF8.self)
      result.problems.append("after line \(result.lines)\(result.tail.isEmpty ? "" : " and '\(result.tail)'"): '\(text)'")
      if isWhole { result.lines = number }
      result.tail = ""
    }
  }

  private static func isPrefix(_ line: UnsafeRawBufferPointer, of head: String, _ id: [UInt8]) -> Bool {
    (Array(head.utf8) + id).starts(with: line)
  }

  private func note(_ problem: String, _ result: inout Result) {
    if result.problems.count < mostProblems { result.problems.append(problem) }
  }

  private static func index(of byte: UInt8, in line: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard start < line.count, let base = line.baseAddress, let found = memchr(base + start, Int32(byte), line.count - start)
    else {
      return nil
    }
    return UnsafeRawPointer(found) - base
  }

  private static func forEachLine(of path: String, _ body: (UnsafeRawBufferPointer) -> Void) {
    let descriptor = pup_open(path, O_RDONLY, 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var identity = pup_file_identity()
    guard pup_identity(descriptor, &identity) >= 0, identity.size > 0,
      let base = mmap(nil, Int(identity.size), PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED
    else { return }
    defer { munmap(base, Int(identity.size)) }
    let end = Int(identity.size)
    var at = 0
    while at < end {
      let next = memchr(base + at, 10, end - at).map { UnsafeRawPointer($0) - UnsafeRawPointer(base) } ?? end
      body(UnsafeRawBufferPointer(start: base + at, count: next - at))
      at = next + 1
    }
  }
}

/// What a program says it has written (`testchild --count-file`).
struct Written {
  var out: ClosedRange<UInt64>
  var err: ClosedRange<UInt64>

  init(_ path: String) throws {
    guard let bytes = Files.bytes(path), bytes.count >= 32 else { throw Failure("\(path) has no counts") }
    let words = bytes.withUnsafeBytes { buffer in (0..<4).map { buffer.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self) } }
    out = words[0]...max(words[0], words[2])
    err = words[1]...max(words[1], words[3])
  }
}
