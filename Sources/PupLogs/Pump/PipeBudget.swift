internal import CLinux
internal import Glibc
internal import PupSystem

/// How much the streams' pipes may grow in total. The kernel allows a user `pipe-user-pages-soft` pages for all pipes (16 384);
/// beyond that, every new pipe of that user gets two pages. A quarter of it is ours.
struct PipeBudget {
  static let largest = 1 << 20

  private(set) var left: Int

  init() {
    let pages = Self.softPages ?? 16_384
    // The kernel sets no limit for root, but the memory is worth one all the same.
    left = geteuid() == 0 ? 64 << 20 : pages / 4 * 4096
  }

  init(bytes: Int) { left = bytes }

  /// Quadruples the pipe's capacity, as far as the budget allows. Returns the resulting capacity.
  mutating func grow(_ descriptor: Int32, from capacity: Int) -> Int {
    let wanted = min(capacity * 4, Self.largest)
    guard wanted > capacity, wanted - capacity <= left else { return capacity }
    let reached = Int(pup_pipe_set_capacity(descriptor, Int32(wanted)))
    guard reached > capacity else { return capacity }
    left -= reached - capacity
    return reached
  }

  /// The pipe is gone.
  mutating func giveBack(_ bytes: Int) { left += max(bytes, 0) }

  private static var softPages: Int? {
    guard let file = try? LogFile.open("/proc/sys/fs/pipe-user-pages-soft", O_RDONLY) else { return nil }
    let number = file.number
    return withUnsafeTemporaryAllocation(byteCount: 32, alignment: 1) { buffer in
      let count = LogFile.read(number, at: 0, into: buffer)
      let text = String(decoding: buffer[..<count].prefix { $0 != LineFormat.lineFeed }, as: UTF8.self)
      // 0 means no limit.
      return Int(text).map { $0 == 0 ? 65_536 : $0 }
    }
  }
}
