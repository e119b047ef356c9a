internal import PupBasics
internal import PupSystem

extension Entry {
  /// Everything that is closed with it.
  var owned: [Descriptor] {
    var all = [output, error].compactMap { $0?.descriptor }
    if case .spawning(let errorPipe) = phase { all.append(errorPipe) }
    if let handle { all.append(handle) }
    return all + tree.owned
  }

  /// Those that an exec has to carry over.
  var allDescriptors: [Int32] { owned.map(\.number) }

  func write(to writer: inout ByteWriter) { writer.record(writeFields) }

  private func writeFields(to writer: inout ByteWriter) {
    inventory.write(to: &writer)
    writer.put(pidfd)
    if case .spawning(let errorPipe) = phase { writer.put(errorPipe.number) } else { writer.put(Int32(-1)) }
    writer.put(isChild)
    writer.put(graceNanoseconds)
    writer.put(timeoutNanoseconds)
    writer.put(isPlugin)
    writer.put(isKilled)
    writer.put(notices.rawValue)
    writer.put(announced)
    writer.put(statusDeadline ?? -1)
    writer.put(output?.descriptor.number ?? -1)
    writer.put(error?.descriptor.number ?? -1)
    writer.put(output?.unanswered.map { $0.short ? UInt8(2) : 1 } ?? 0)
    writer.put(error?.unanswered.map { $0.short ? UInt8(2) : 1 } ?? 0)
    tree.write(to: &writer)
    writer.put(UInt8(deferredSignals.count))
    for (signal, scope) in deferredSignals {
      writer.put(signal)
      writer.put(scope.rawValue)
    }
    writer.put(stopping != nil)
    writer.put(stopping?.termAt ?? 0)
    writer.put(stopping?.killAt ?? 0)
    writer.put(stopping?.termSent ?? false)
  }

  init(from reader: inout ByteReader) throws(FormatError) {
    self = try reader.record { (reader) throws(FormatError) in try Self(fieldsFrom: &reader) }
  }

  private init(fieldsFrom reader: inout ByteReader) throws(FormatError) {
    let inventory = try InventoryEntry(from: &reader)
    let pidfd = try reader.get(Int32.self)
    let errorPipe = try reader.get(Int32.self)
    let phase: Phase =
      switch inventory.phase {
      case .spawning: .spawning(errorPipe: Descriptor(errorPipe))
      case .running: .running
      case .exited: .exited
      case .empty: .empty
      case .failed: .failed
      }
    self.init(key: inventory.key, phase: phase, tree: .session)
    if pidfd >= 0 { handle = Descriptor(pidfd) }
    pid = inventory.pid
    startTime = inventory.startTime
    exit = inventory.exit
    failure = inventory.failure
    isChild = try reader.getBool()
    graceNanoseconds = try reader.get()
    timeoutNanoseconds = try reader.get()
    isPlugin = try reader.getBool()
    isKilled = try reader.getBool()
    notices = Notices(rawValue: try reader.get())
    announced = try reader.getBool()
    let deadline = try reader.get(Int64.self)
    statusDeadline = deadline < 0 ? nil : deadline
    let (out, err) = (try reader.get(Int32.self), try reader.get(Int32.self))
    if out >= 0 { output = OutputPipe(descriptor: Descriptor(out), row: inventory.rowOut, consumed: inventory.consumedOut) }
    if err >= 0 { error = OutputPipe(descriptor: Descriptor(err), row: inventory.rowErr, consumed: inventory.consumedErr) }
    let (openOut, openErr) = (try reader.get(UInt8.self), try reader.get(UInt8.self))
    if openOut > 0 { output?.unanswered = OutputPipe.Answer(short: openOut == 2) }
    if openErr > 0 { error?.unanswered = OutputPipe.Answer(short: openErr == 2) }
    tree = try Tree(of: inventory, from: &reader)
    for _ in 0..<(try reader.get(UInt8.self)) {
      let signal = try reader.get(Int32.self)
      let number = try reader.get(UInt8.self)
      guard let scope = TreeScope(rawValue: number) else { throw .unknown(what: "scope of a signal", value: UInt64(number)) }
      deferredSignals.append((signal, scope))
    }
    let stops = try reader.getBool()
    let plan = StopPlan(termAt: try reader.get(), killAt: try reader.get(), termSent: try reader.getBool())
    stopping = stops ? plan : nil
  }
}
