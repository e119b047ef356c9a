internal import Glibc
internal import PupSystem

extension FileSink {
  /// Makes sure that the file at `path` is open. False if that fails; the failure is noted.
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

  /// -1 while it is closed.
  var descriptor: Int32 { target?.number ?? -1 }

  func closeFile() {
    target?.close()
    target = nil
  }

  private func open() throws(SystemError) {
    let file = try openTarget()
    guard let status = LogFile.status(file.number) else { throw SystemError("fstat \(path)", errno: errno) }
    // /dev/stdout may be a file that others write to at offsets of their own.
    isRegular = status.isRegular && !path.hasPrefix("/dev/") && !path.hasPrefix("/proc/")
    length = status.size
    let record = committer.record
    let isKnown = isRegular && record.identity == status.identity
    if isRegular, !isKnown { endOpenLine() }
    identity = isRegular ? status.identity : .init(first: 0, second: 0)
    target = file
    if !isRecovered, isRegular { recover(isKnown: isKnown) }
    isRecovered = true
    // What is in doubt builds on the current record.
    if replay == nil { committer.rebase(self.record(stream: nil, offset: 0).keepingOpenLine(of: record)) }
  }

  private func openTarget() throws(SystemError) -> Descriptor {
    if let standard = StandardDescriptor(path: path) { return try standard.open(&way) }
    let folder = try GuardedFolder(of: path, make: true)
    return try folder.open(O_WRONLY | O_APPEND | O_CREAT, mode: 0o644)
  }

  /// The first time: looks at how the file ends.
  private func recover(isKnown: Bool) {
    if let folder = try? GuardedFolder(of: path), let file = try? folder.open(O_RDONLY),
      LogFile.status(file.number)?.identity == identity
    {
      reader = file
    }
    if let pending, isKnown, length > Int64(pending.start) {
      replay = FileReplay(pending, end: length, reader: reader)
    } else {
      // Nothing of it was written. (A file that is shorter now was cut by another process.)
      if let reader, !LogFile.endsLine(reader.number, size: length), !hasOpenLine { breakBeforeNextLine() }
      giveUpPending()
    }
  }
}

extension SinkRecord {
  /// A record that advances no stream still has to say whose line is unfinished at the end of the file.
  func keepingOpenLine(of old: SinkRecord) -> SinkRecord {
    guard identity == old.identity, old.openMarks != 0 else { return self }
    var record = self
    (record.row, record.key, record.offset, record.openMarks) = (old.row, old.key, old.offset, old.openMarks)
    return record
  }
}
