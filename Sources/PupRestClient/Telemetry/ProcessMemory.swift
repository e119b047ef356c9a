internal import Glibc
internal import PupAPI

/// This process's memory usage in the original's terms. Those are a JavaScript
/// engine's; here they stand for the closest equivalents in a native program.
enum ProcessMemory {
  /// All zeros if the kernel provides nothing.
  static func current() -> ProcessTelemetry.Memory { parse(status: contents(of: "/proc/self/status")) }

  /// - Parameter status: as in proc_pid_status(5).
  static func parse(status: String) -> ProcessTelemetry.Memory {
    var kibibytes: [Substring: Double] = [:]
    for line in status.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, wanted.contains(parts[0]),
        let number = parts[1].split(whereSeparator: \.isWhitespace).first.flatMap({ UInt64($0) })
      else { continue }
      kibibytes[parts[0]] = Double(number)
    }
    func bytes(_ name: Substring) -> Double { (kibibytes[name] ?? 0) * 1024 }
    return ProcessTelemetry.Memory(
      // Mapped files and shared memory: part of the resident set, but not heap.
      external: bytes("RssFile") + bytes("RssShmem"),
      // Memory reserved for data, and the used part of it.
      heapTotal: bytes("VmData"), heapUsed: bytes("RssAnon"), rss: bytes("VmRSS"))
  }

  private static let wanted: Set<Substring> = ["VmRSS", "RssAnon", "RssFile", "RssShmem", "VmData"]

  private static func contents(of path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    // The kernel fills one page at a time; the file is about 1.5 KiB.
    var bytes = [UInt8](repeating: 0, count: 4096)
    var count = 0
    while count < bytes.count {
      let got = bytes[count...].withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else { break }
      count += got
    }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}
