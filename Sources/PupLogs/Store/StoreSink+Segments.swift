internal import CLinux
internal import Glibc
internal import PupSystem

extension StoreSink {
  static let fileMode: mode_t = 0o640
  /// A process that fills a segment in less time than this is busy, and its next segment is prepared. Nanoseconds.
  static let busyTime: Int64 = 1_000_000_000

  /// Makes sure that there is an open segment for a line of this moment. False when there is none; the failure is noted.
  func prepareSegment(_ moment: LogMoment) -> Bool {
    do throws(SystemError) {
      if segment == nil { try recover() }
      if descriptor < 0, let segment { try reopen(segment) }
      if let segment, length >= segmentBytes || hasSteppedBack(moment.wall) {
        let isBusy = isBusy(moment.boot)
        try begin(after: segment.sequence, moment.wall)
        hasRotated = true
        if isBusy { prepareNext() } else { giveBack() }
      } else if segment == nil {
        try begin(after: committer.record.identity.first, moment.wall)
      }
      return true
    } catch {
      fail(error, moment)
      return false
    }
  }

  /// The segment has reached the limit on file sizes (ulimit -f), so the next one takes the lines. False if there is no room at
  /// all.
  func beginAtLimit(_ moment: LogMoment) -> Bool {
    guard let segment, length > 0, ftruncate(descriptor, off_t(length)) == 0 else { return false }
    do throws(SystemError) {
      try begin(after: segment.sequence, moment.wall)
      hasRotated = true
      return true
    } catch {
      return false
    }
  }

  /// A small step back is clamped, so that timestamps never fall; a large one would put wrong times on many lines.
  private func hasSteppedBack(_ time: LogTime) -> Bool { time.microseconds < lastTime.microseconds - 1_000_000 }

  /// Whether the segment began a short time ago.
  func isBusy(_ boot: Int64) -> Bool { boot < begun + Self.busyTime }

  private func prepareNext() {
    // Other file systems allocate pages on writeback, so nothing would be gained.
    if isOnTmpfs == nil { isOnTmpfs = pup_is_tmpfs(folder.path) }
    guard isOnTmpfs == true else { return }
    let reserve = reserve ?? SegmentReserve()
    self.reserve = reserve
    reserve.prepare(in: folder.path, bytes: segmentBytes)
  }

  /// Frees the space that was allocated ahead of the lines.
  func giveBack() {
    reserve?.drop()
    reserve = nil
    trim()
  }

  private func trim() {
    if isReserved, length < segmentBytes { ftruncate(descriptor, off_t(length)) }
    isReserved = false
  }

  func closeFile() {
    giveBack()
    closeSegment()
  }

  private func closeSegment() {
    guard let openFile else { return }
    trim()
    openFile.close()
    self.openFile = nil
  }

  /// Finds the segment to continue and cuts off what was not committed. Leaves `segment` nil if the process has none (that is
  /// intact).
  private func recover() throws(SystemError) {
    try context.makeDirectory(directory)
    adoptFolder()
    try LogFile.makeDirectory(folder.path)
    var names = folder.segments()
    let record = committer.record
    if let known = names.first(where: { $0.sequence == record.identity.first }) {
      try open(known)
      let committed = min(length, Int64(record.length))
      if length > committed || LogFile.hasSpareSpace(descriptor) {
        guard ftruncate(descriptor, off_t(committed)) == 0 else {
          throw SystemError("ftruncate \(folder.path(of: known))", errno: errno)
        }
        length = committed
      }
      // A segment after the recorded one was begun by a brain that died before its first commit.
      for name in names where name > known && LogFile.size(at: folder.path(of: name)) == 0 { unlink(folder.path(of: name)) }
      names.removeAll { $0 > known && LogFile.size(at: folder.path(of: $0)) == nil }
    }
    guard let newest = names.last else { return }
    if segment != newest { try open(newest) }
    let tail = SegmentFile.tail(descriptor, size: length)
    guard tail.endsWithLineFeed else {
      // The end of a line is missing (the machine went down). Readers skip such a line, and new lines must not be appended to it.
      try begin(after: newest.sequence, max(newest.first, tail.lastTime ?? newest.first))
      return
    }
    lastTime = max(newest.first, tail.lastTime ?? newest.first)
    committer.rebase(rebased)
  }

  /// The folder may exist under another spelling of the id, which names the same process.
  private func adoptFolder() {
    let name = ProcessFolder.name(of: folder.process)
    guard LogFile.identity(at: folder.path) == nil else { return }
    let folded = name.lowercased()
    if let other = LogFile.names(in: directory).first(where: { $0.lowercased() == folded }) {
      rename(directory + "/" + other, folder.path)
    }
  }

  private func open(_ name: SegmentName) throws(SystemError) {
    closeSegment()
    openFile = try LogFile.open(folder.path(of: name), O_RDWR | O_APPEND | O_NOFOLLOW)
    length = LogFile.status(descriptor)?.size ?? 0
    segment = name
  }

  /// Reopens a segment that was closed to save descriptors.
  private func reopen(_ name: SegmentName) throws(SystemError) {
    let committed = length
    do throws(SystemError) {
      try open(name)
    } catch  where error.errno == ENOENT {
      segment = nil
      return
    }
    // Left by a write that failed partway.
    if length > committed, ftruncate(descriptor, off_t(committed)) == 0 { length = committed }
  }

  private func begin(after sequence: UInt64, _ time: LogTime) throws(SystemError) {
    try context.makeDirectory(directory)
    try LogFile.makeDirectory(folder.path)
    let name = SegmentName(sequence: sequence + 1, first: time)
    let path = folder.path(of: name)
    if let prepared = reserve?.take(), canBeNamed(prepared.number, path) {
      closeSegment()
      openFile = prepared
      isReserved = true
    } else {
      let file = try LogFile.open(path, O_RDWR | O_APPEND | O_NOFOLLOW | O_CREAT, mode: Self.fileMode)
      closeSegment()
      openFile = file
    }
    segment = name
    begun = lastUse
    length = LogFile.status(descriptor)?.size ?? 0
    lastTime = time
    committer.rebase(rebased)
  }

  private func canBeNamed(_ file: Int32, _ path: String) -> Bool {
    guard pup_give_name(file, path) < 0 else { return true }
    // Impossible without /proc, so preparing more would be useless.
    isOnTmpfs = false
    giveBack()
    return false
  }

  /// The current file and length; it raises no stream's offset.
  private var rebased: SinkRecord { record(stream: nil, offset: 0) }
}
