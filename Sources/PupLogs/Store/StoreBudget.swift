internal import CLinux
internal import Glibc

/// Finds and removes segments that are too old or exceed the size limits. Works only on the files, on any thread.
///
/// The newest segment of a process is only reported, never removed here: it may be open for writing.
struct StoreBudget: Sendable {
  let directory: String
  let processBytes: Int64
  let totalBytes: Int64
  /// Lines before this moment are removed; nil keeps them.
  let oldest: LogTime?

  /// A segment that is the newest of its process, and what should be done about it.
  struct Leftover: Hashable, Sendable {
    enum Excess: Hashable, Sendable {
      case everything
      /// Space is allocated beyond its end: its writer was killed.
      case reserve
    }

    let process: String
    let segment: SegmentName
    let size: Int64
    var excess = Excess.everything
  }

  private struct Piece {
    let folder: ProcessFolder
    let name: SegmentName
    let size: Int64
    /// The moment of the first line after this segment; nil for the newest.
    let next: LogTime?
    let modified: LogTime
    let hasSpareSpace: Bool
    var isNewest: Bool { next == nil }
  }

  /// 4 GiB, or a tenth of the file system.
  static func defaultTotal(_ directory: String) -> Int64 {
    let capacity = pup_file_system_bytes(directory)
    return capacity > 0 ? min(4 << 30, capacity / 10) : 4 << 30
  }

  func enforce() -> [Leftover] {
    var kept: [Piece] = []
    var leftovers: [Leftover] = []
    for folder in ProcessFolder.all(in: directory) {
      var own = pieces(of: folder)
      own.removeAll { piece in
        guard let oldest, (piece.next ?? piece.modified) < oldest else { return false }
        return remove(piece, &leftovers)
      }
      var size = own.reduce(0) { $0 + $1.size }
      for piece in own where size > processBytes && !piece.isNewest && remove(piece, &leftovers) { size -= piece.size }
      kept += own.filter { LogFile.size(at: folder.path(of: $0.name)) != nil }
    }
    var total = kept.reduce(0) { $0 + $1.size }
    // Oldest first, regardless of the process.
    kept.sort { $0.name.first < $1.name.first }
    for piece in kept where total > totalBytes && remove(piece, &leftovers) { total -= piece.size }
    let leaving = Set(leftovers.map(\.process))
    return leftovers
      + kept.filter { $0.isNewest && $0.hasSpareSpace && !leaving.contains($0.folder.process) }.map {
        Leftover(process: $0.folder.process, segment: $0.name, size: $0.size, excess: .reserve)
      }
  }

  private func pieces(of folder: ProcessFolder) -> [Piece] {
    let names = folder.segments()
    return names.enumerated().compactMap { place, name in
      var info = stat()
      guard stat(folder.path(of: name), &info) == 0 else { return nil }
      let modified = LogTime(microseconds: Int64(info.st_mtim.tv_sec) * 1_000_000 + Int64(info.st_mtim.tv_nsec) / 1000)
      let next = place + 1 < names.count ? names[place + 1].first : nil
      return Piece(
        folder: folder, name: name, size: Int64(info.st_size), next: next, modified: modified,
        hasSpareSpace: LogFile.hasSpareSpace(info))
    }
  }

  /// True when the segment is gone, or will be.
  private func remove(_ piece: Piece, _ leftovers: inout [Leftover]) -> Bool {
    guard !piece.isNewest else {
      leftovers.append(Leftover(process: piece.folder.process, segment: piece.name, size: piece.size))
      return true
    }
    return unlink(piece.folder.path(of: piece.name)) == 0
  }
}
