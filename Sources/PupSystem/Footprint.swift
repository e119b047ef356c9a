internal import CLinux

/// Starting touches most of an executable once: relocations, parsers, migrations. Only a small part of it runs for months
/// afterwards.
package enum Footprint {
  /// Releases the memory that starting needed: free heap, and the pages of code and constants. Those that are needed come back
  /// from the page cache, in fractions of a millisecond.
  package static func shrink() {
    pup_trim_heap()
    guard let maps = ProcFiles.read("/proc/self/maps") else { return }
    for line in String(decoding: maps, as: UTF8.self).split(separator: "\n") {
      // start-end permissions offset device inode path; a path may contain blanks
      let fields = line.split(separator: " ")
      guard fields.count > 5, fields[5].hasPrefix("/"), isNeverWritten(permissions: fields[1], offset: fields[2]) else {
        continue
      }
      let ends = fields[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
      guard ends.count == 2, ends[1] > ends[0] else { continue }
      // Only to save memory.
      _ = pup_forget_pages(ends[0], ends[1] - ends[0])
    }
  }

  /// Code, and an object's first segment. Later read-only segments hold relocated addresses, which are in no file.
  private static func isNeverWritten(permissions: Substring, offset: Substring) -> Bool {
    permissions == "r-xp" || permissions == "r--p" && UInt64(offset, radix: 16) == 0
  }
}
