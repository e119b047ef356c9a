package import PupBasics

/// What a brain says to the keeper on the control socket.
package enum BrainMessage: Hashable, Sendable {
  case hello(Hello)
  /// "I am alive", once a second.
  case beat
  /// The inventory chunk has arrived; the next one may be sent.
  case inventoryReceived(chunk: UInt32)
  /// Taken over: supervision continues.
  case ready
  /// Descriptor: the sealed specification.
  case spawn(EntryKey)
  case signal(EntryKey, signal: Int32, scope: UInt8)
  /// Take over a run that an earlier keeper started. Descriptors: the stream ends that the brain still has (`hasOutput`,
  /// `hasError`).
  case adopt(InventoryEntry, graceNanoseconds: UInt64, timeoutNanoseconds: UInt64)
  /// The exit is recorded and the output is drained.
  case forget(EntryKey)
  /// Lines for the service manager ("READY=1", "STATUS=…").
  case notify(String)
  /// Everything has stopped: exit with this code.
  case exit(code: Int32)
  /// Hold this descriptor for future brains, in place of an older one of the same name. Descriptor: exactly one. Refused (and the
  /// descriptor closed) beyond `keptLimit` names, and for a name that is empty or longer than `keptNameLimit`.
  case keep(name: String)
  /// Close the descriptor of this name and forget it.
  case drop(name: String)
  /// Why it is about to end although nobody asked it to: its last words.
  case ending(reason: String)

  /// The exit code of a brain that must not guess at what the keeper says, or at what the instance has left (EX_PROTOCOL):
  /// another one of the same build would end in the same way.
  package static let refusalExitCode: Int32 = 76
  /// The exit code of a brain that could not get from the machine what it needs to supervise (EX_TEMPFAIL): it says nothing about
  /// the brain's code.
  package static let shortageExitCode: Int32 = 75
  /// At most this many descriptors can be kept.
  package static let keptLimit = 16
  /// Bytes of UTF-8.
  package static let keptNameLimit = 64

  private enum Kind: UInt16 {
    case hello = 1
    case beat, inventoryReceived, ready, spawn, signal, adopt, forget, notify, exit, keep, drop, ending
  }

  package func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.message(kind.rawValue, writeFields)
    return writer.bytes
  }

  private var kind: Kind {
    switch self {
    case .hello: .hello
    case .beat: .beat
    case .inventoryReceived: .inventoryReceived
    case .ready: .ready
    case .spawn: .spawn
    case .signal: .signal
    case .adopt: .adopt
    case .forget: .forget
    case .notify: .notify
    case .exit: .exit
    case .keep: .keep
    case .drop: .drop
    case .ending: .ending
    }
  }

  private func writeFields(to writer: inout ByteWriter) {
    switch self {
    case .hello(let hello): hello.write(to: &writer)
    case .beat, .ready: break
    case .inventoryReceived(let chunk): writer.put(chunk)
    case .spawn(let key), .forget(let key): key.write(to: &writer)
    case .signal(let key, let signal, let scope):
      key.write(to: &writer)
      writer.put(signal)
      writer.put(scope)
    case .adopt(let entry, let grace, let timeout):
      entry.write(to: &writer)
      writer.put(grace)
      writer.put(timeout)
    case .notify(let text), .ending(let text): writer.put(text)
    case .exit(let code): writer.put(code)
    case .keep(let name), .drop(let name): writer.put(name)
    }
  }

  /// - Returns: nil for an unknown message that may be ignored.
  package static func decoded(_ bytes: ArraySlice<UInt8>) throws(FormatError) -> BrainMessage? {
    var reader = ByteReader(bytes)
    return try reader.message { (kind: Kind, fields) throws(FormatError) in try BrainMessage(kind, from: &fields) }
  }

  private init(_ kind: Kind, from reader: inout ByteReader) throws(FormatError) {
    switch kind {
    case .hello: self = .hello(try Hello(from: &reader))
    case .beat: self = .beat
    case .inventoryReceived: self = .inventoryReceived(chunk: try reader.get())
    case .ready: self = .ready
    case .spawn: self = .spawn(try EntryKey(from: &reader))
    case .signal: self = .signal(try EntryKey(from: &reader), signal: try reader.get(), scope: try reader.get())
    case .adopt:
      self = .adopt(
        try InventoryEntry(from: &reader), graceNanoseconds: try reader.get(), timeoutNanoseconds: try reader.get())
    case .forget: self = .forget(try EntryKey(from: &reader))
    case .notify: self = .notify(try reader.getString())
    case .exit: self = .exit(code: try reader.get())
    case .keep: self = .keep(name: try reader.getString())
    case .drop: self = .drop(name: try reader.getString())
    case .ending: self = .ending(reason: try reader.getString())
    }
  }
}

extension EntryKey {
  package func write(to writer: inout ByteWriter) {
    writer.put(slot)
    writer.put(generation)
  }

  package init(from reader: inout ByteReader) throws(FormatError) {
    self.init(slot: try reader.get(), generation: try reader.get())
  }
}
