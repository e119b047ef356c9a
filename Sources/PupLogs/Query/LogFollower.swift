internal import CLinux
internal import Glibc
package import PupSystem

/// Continues with the lines that come after a snapshot: new lines, new segments, new processes. inotify reports them.
///
/// Pieces of lines are returned as they come (`isPartial`, `isContinuation`), so that a prompt shows up before it is answered;
/// the last one may be nothing but the end of its line (`isBareEnd`).
package final class LogFollower {
  /// At most this much of one process is read in one turn.
  private static let turnBytes = 1 << 20
  private static let folderEvents = UInt32(IN_MODIFY | IN_CREATE | IN_MOVED_TO)

  /// Where one process's lines have been read to.
  private struct Position {
    var folder: ProcessFolder
    var segment: SegmentName?
    var offset: Int64 = 0
    /// There may be segments that are not known yet.
    var mustList = true
  }

  private let directory: String
  private let query: LogQuery
  private let inotify: Descriptor
  private var rootWatch: Int32 = -1
  private var positions: [String: Position] = [:]
  private var watches: [Int32: String] = [:]
  private var dirty: Set<String> = []
  private var maker = LineMaker()
  private var block = LineBlock()

  /// - Parameter snapshot: taken before the lines up to it are read, so that none is missed in between.
  package init(_ query: LogQuery, from snapshot: LogSnapshot) throws(SystemError) {
    self.query = query
    directory = snapshot.directory
    inotify = try Descriptor(pup_inotify_create(), "inotify_init1")
    for segment in snapshot.segments where query.includes(process: segment.process) {
      // Later segments of the same process replace the earlier ones.
      let folder = ProcessFolder(directory: directory, process: segment.process)
      let end = SegmentFile(path: segment.path, limit: segment.size)?.wholeEnd ?? 0
      positions[folder.path] = Position(folder: folder, segment: segment.name, offset: end)
    }
    watchRoot()
    for path in positions.keys { watch(path) }
  }

  /// Readable when `poll` has something to do, apart from a log directory that does not exist yet.
  package var descriptor: Int32 { inotify.number }

  /// Waits for new lines, at most this long (-1: forever). Lines of one call are sorted by time; empty if none came.
  package func poll(timeoutMilliseconds: Int32) -> [LogLine] {
    let deadline = timeoutMilliseconds < 0 ? Int64.max : Clock.monotonic + Int64(timeoutMilliseconds) * 1_000_000
    while true {
      let left = timeoutMilliseconds < 0 ? -1 : Int32(clamping: max(0, deadline - Clock.monotonic + 999_999) / 1_000_000)
      guard wait(left) || !dirty.isEmpty else { return [] }
      readEvents()
      var lines: [LogLine] = []
      for path in dirty.sorted() { readNew(path, &lines) }
      guard lines.isEmpty else {
        // `sort` is not stable, so the position decides.
        return lines.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
      }
      if dirty.isEmpty, Clock.monotonic >= deadline { return [] }
    }
  }

  // MARK: - Watching

  /// True when there is an event. A log directory that does not exist yet cannot be watched, so it is checked for periodically.
  private func wait(_ milliseconds: Int32) -> Bool {
    let step: Int32 = 100
    var left = milliseconds
    while true {
      if rootWatch < 0 { watchRoot() }
      var poll = pollfd(fd: inotify.number, events: Int16(POLLIN), revents: 0)
      let patience = !dirty.isEmpty ? 0 : rootWatch >= 0 ? left : left < 0 ? step : min(left, step)
      if Glibc.poll(&poll, 1, patience) > 0 || !dirty.isEmpty { return true }
      if rootWatch >= 0 || left >= 0 && left <= step { return false }
      if left > 0 { left -= step }
    }
  }

  private func watchRoot() {
    rootWatch = pup_inotify_add(inotify.number, directory, UInt32(IN_CREATE | IN_MOVED_TO))
    guard rootWatch >= 0 else { return }
    for folder in ProcessFolder.all(in: directory) { discover(folder) }
  }

  private func discover(_ folder: ProcessFolder) {
    guard query.includes(process: folder.process) else { return }
    if positions[folder.path] == nil { positions[folder.path] = Position(folder: folder) }
    watch(folder.path)
  }

  private func watch(_ path: String) {
    let watch = pup_inotify_add(inotify.number, path, Self.folderEvents)
    if watch >= 0 { watches[watch] = path }
    dirty.insert(path)
    positions[path]?.mustList = true
  }

  private func readEvents() {
    withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 8) { buffer in
      while true {
        let count = read(inotify.number, buffer.baseAddress, buffer.count)
        guard count > 0 else { return }
        var at = 0
        while at + MemoryLayout<inotify_event>.size <= count {
          let event = buffer.loadUnaligned(fromByteOffset: at, as: inotify_event.self)
          at += MemoryLayout<inotify_event>.size + Int(event.len)
          note(event)
        }
      }
    }
  }

  private func note(_ event: inotify_event) {
    if event.mask & UInt32(IN_Q_OVERFLOW) != 0 || event.wd == rootWatch {
      // The folders are listed again, which also covers what was missed.
      for folder in ProcessFolder.all(in: directory) { discover(folder) }
      return
    }
    if event.mask & UInt32(IN_IGNORED) != 0 {
      if let path = watches.removeValue(forKey: event.wd) { positions[path] = nil }
      if event.wd == rootWatch { rootWatch = -1 }
      return
    }
    guard let path = watches[event.wd] else { return }
    dirty.insert(path)
    if event.mask & UInt32(IN_CREATE | IN_MOVED_TO) != 0 { positions[path]?.mustList = true }
  }

  // MARK: - Reading

  private func readNew(_ path: String, _ lines: inout [LogLine]) {
    guard var position = positions[path] else {
      dirty.remove(path)
      return
    }
    defer { positions[path] = position }
    var later: [SegmentName] = []
    if position.mustList {
      let known = position.segment
      later = position.folder.segments().filter { name in known.map { name > $0 } ?? true }
    }
    var budget = Self.turnBytes
    while true {
      if let segment = position.segment {
        readSegment(position.folder, segment, &position.offset, &budget, &lines)
        // The rest follows in the next turn.
        guard budget > 0 else { return }
      }
      guard !later.isEmpty else { break }
      position.segment = later.removeFirst()
      position.offset = 0
    }
    position.mustList = false
    dirty.remove(path)
  }

  private func readSegment(
    _ folder: ProcessFolder, _ name: SegmentName, _ offset: inout Int64, _ budget: inout Int, _ lines: inout [LogLine]
  ) {
    guard let file = SegmentFile(path: folder.path(of: name)) else { return }
    // Truncated after a crash: what was cut comes again.
    if file.size < offset { offset = file.size }
    while budget > 0, let next = block.loadForward(file, from: offset, to: file.size) {
      budget -= Int(next - offset)
      offset = next
      for index in 0..<block.count {
        guard let stored = StoredLine(block.bytes(index)) else { continue }
        guard query.includes(stored.severity) else { continue }
        if let start = query.start, stored.time < start { continue }
        if let end = query.end, stored.time > end { continue }
        lines.append(maker.line(stored, process: folder.process))
      }
    }
  }
}
