internal import Glibc
internal import PupAPI

/// How much memory this process uses, in the terms of the original: they are those of a JavaScript engine, and are read here as what a
/// native program has in their place.
enum ProcessMemory {
  /// Zeros where the kernel tells nothing.
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
      // Files and shared memory that are mapped: in the resident set, and no heap.
      external: bytes("RssFile") + bytes("RssShmem"),
      // What the program has reserved for data, and what of it is in use.
      heapTotal: bytes("VmData"), heapUsed: bytes("RssAnon"), rss: bytes("VmRSS"))
  }

  private static let wanted: Set<Substring> = ["VmRSS", "RssAnon", "RssFile", "RssShmem", "VmData"]

  private static func contents(of path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    // One page is what the kernel fills at once; the file is about 1.5 KiB.
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
