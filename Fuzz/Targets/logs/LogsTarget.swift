internal import Glibc
internal import PupLogs

/// A log folder on tmpfs with one segment, which each input writes anew. Nil when there is none to be had.
private let folder: String? = {
  var template = Array("/dev/shm/pup-fuzz-logs.XXXXXX".utf8CString)
  let made = template.withUnsafeMutableBufferPointer { buffer in
    buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
  }
  guard let made else { return nil }
  guard mkdir(made + "/program", 0o700) == 0 else { return nil }
  atexit {
    guard let folder else { return }
    unlink(folder + "/program/" + segment)
    rmdir(folder + "/program")
    rmdir(folder)
  }
  return made
}()

private let segment = "00000001-20000101T000000.000000Z.log"

/// Any bytes as the content of a segment. The first byte says how the rest becomes one, the next two what is asked for.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = UnsafeBufferPointer(start: start, count: count)
  guard bytes.count >= 3, let folder else { return 0 }
  let content = bytes[0] & 1 == 0 ? Array(bytes[3...]) : SegmentRecipe.content(bytes[3...])
  let path = folder + "/program/" + segment
  let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
  guard file >= 0 else { return 0 }
  let written = write(file, content, content.count)
  close(file)
  guard written == content.count else { return 0 }

  let reader = LogReader(directory: folder)
  let all = reader.lines(LogQuery())
  let feeds = content.count { $0 == UInt8(ascii: "\n") }
  precondition(all.count <= feeds, "\(all.count) lines out of \(feeds)")
  precondition(all.reduce(0) { $0 + $1.text.count } <= content.count, "more text than there is")

  let wanted = Int(bytes[1])
  let last = reader.lines(LogQuery(last: wanted))
  precondition(last.count <= wanted, "more lines than were asked for")
  let middle = all.isEmpty ? LogTime(microseconds: 0) : all[Int(bytes[2]) % all.count].time
  let ranged = reader.lines(
    LogQuery(start: middle, end: LogTime(microseconds: middle.microseconds + Int64(bytes[1]) * 1_000_000)))
  let errors = reader.lines(LogQuery(severity: .error, last: wanted))
  precondition(errors.allSatisfy { $0.severity == .error }, "another severity")

  // What has whole lines in order has to be found exactly.
  if SegmentRecipe.isSorted(content), !content.contains(UInt8(ascii: "+")) {
    precondition(last == Array(all.suffix(wanted)), "the last \(wanted) lines are others")
    let end = middle.microseconds + Int64(bytes[1]) * 1_000_000
    let expected = all.filter { $0.time >= middle && $0.time.microseconds <= end }
    precondition(ranged == expected, "\(ranged.count) lines in the range instead of \(expected.count)")
    precondition(errors == Array(all.filter { $0.severity == .error }.suffix(wanted)), "other errors")
  }

  guard let follower = try? LogFollower(LogQuery(), from: LogSnapshot(directory: folder, query: LogQuery())) else { return 0 }
  let before = follower.poll(timeoutMilliseconds: 0)
  precondition(before.allSatisfy { $0.text.count <= content.count }, "more text than there is")
  return 0
}
