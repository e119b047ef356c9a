internal import Glibc

/// Stands behind the last byte of an executable that is to behave as a later build: these words, a digit (this many releases),
/// and whether builds before it may read what it writes (`.`) or may not (`!`).
struct LaterMark {
  private static let text = "pup: a later build, by "

  let ahead: UInt16
  let isNeeded: Bool

  /// Nil where there is none.
  init?(in path: String) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let count = Self.text.utf8.count + 2
    var end = [UInt8](repeating: 0, count: count)
    guard lseek(file, -off_t(count), SEEK_END) >= 0, read(file, &end, count) == count, end.starts(with: Self.text.utf8) else {
      return nil
    }
    ahead = UInt16(end[count - 2]) - UInt16(UInt8(ascii: "0"))
    isNeeded = end[count - 1] == UInt8(ascii: "!")
  }
}
