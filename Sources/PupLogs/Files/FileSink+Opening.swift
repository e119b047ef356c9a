internal import Glibc
internal import PupSystem

extension FileSink {
  /// Makes sure that the file at `path` is open. False when it cannot be; the failure is noted.
  func prepare(_ moment: LogMoment) -> Bool {
    if descriptor >= 0, isRegular, isCheckDue(moment), LogFile.identity(at: path) != identity {
      closeFile()
      endOpenLine()
    }
    guard descriptor < 0 else { return true }
    do throws(SystemError) {
      try open()
      return true
    } catch {
      fail(error, moment)
      return false
    }
  }

  func closeFile() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
  }

  private func open() throws(SystemError) {
    // O_NONBLOCK: a FIFO without a reader answers ENXIO at once, a full one EAGAIN. It concerns this opening only, not a terminal's other users.
    let file = try LogFile.open(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY, mode: 0o644)
    guard let status = LogFile.status(file.number) else { throw SystemError("fstat \(path)", errno: errno) }
    // Behind /dev/stdout there may be a file that others write to as well: never cut.
    isRegular = status.isRegular && !path.hasPrefix("/dev/") && !path.hasPrefix("/proc/")
    length = status.size
    let record = committer.record
    if isRegular, !isRecovered, record.identity == status.identity, Int64(record.length) < status.size {
      guard ftruncate(file.number, off_t(record.length)) == 0 else { throw SystemError("ftruncate \(path)", errno: errno) }
      length = Int64(record.length)
    }
    if isRegular, record.identity != status.identity { endOpenLine() }
    identity = isRegular ? status.identity : .init(first: 0, second: 0)
    isRecovered = true
    descriptor = file.take()
    committer.rebase(self.record(stream: nil, offset: 0).keepingOpenLine(of: record))
  }
}

extension SinkRecord {
  /// A record that moves no stream still has to say whose line is unfinished at the end of the file.
  fileprivate func keepingOpenLine(of old: SinkRecord) -> SinkRecord {
    guard identity == old.identity, old.openMarks != 0 else { return self }
    var record = self
    (record.row, record.key, record.offset, record.openMarks) = (old.row, old.key, old.offset, old.openMarks)
    return record
  }
}
