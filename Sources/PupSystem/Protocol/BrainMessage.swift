/// What a brain says to the keeper on the control socket.
package enum BrainMessage: Hashable, Sendable {
  case hello(protocolVersion: UInt32, build: String, standby: Bool)
  /// "I am alive", once a second.
  case beat
  /// The inventory chunk has arrived; the next one may be sent.
  case inventoryReceived(chunk: UInt32)
  /// Taken over: supervision goes on.
  case ready
  /// Descriptor: the sealed specification.
  case spawn(EntryKey)
  case signal(EntryKey, signal: Int32, scope: UInt8)
  /// Take a run over that an earlier keeper started. Descriptors: those stream ends that the brain still has (`hasOutput`, `hasError`).
  case adopt(InventoryEntry, graceNanoseconds: UInt64, timeoutNanoseconds: UInt64)
  /// The exit is recorded and the output is drained.
  case forget(EntryKey)
  /// Lines for the service manager ("READY=1", "STATUS=…").
  case notify(String)
  /// Everything has stopped: exit with this code.
  case exit(code: Int32)
  /// Hold this descriptor for the brains to come, in place of an older one of the same name. Descriptor: exactly one. Refused (and the
  /// descriptor closed) beyond `keptLimit` names, and for a name that is empty or longer than `keptNameLimit`.
  case keep(name: String)
  /// Close the descriptor of this name and forget it.
  case drop(name: String)

  package static let version: UInt32 = 2
  /// So many descriptors can be kept.
  package static let keptLimit = 16
  /// Bytes of UTF-8.
  package static let keptNameLimit = 64

  private enum Kind: UInt16 {
    case hello = 1
    case beat, inventoryReceived, ready, spawn, signal, adopt, forget, notify, exit, keep, drop
  }

  package func encoded() -> [UInt8] {
    var writer = PacketWriter()
    switch self {
    case .hello(let version, let build, let standby):
      writer.put(Kind.hello.rawValue)
      writer.put(version)
      writer.put(build)
      writer.put(standby)
    case .beat: writer.put(Kind.beat.rawValue)
    case .inventoryReceived(let chunk):
      writer.put(Kind.inventoryReceived.rawValue)
      writer.put(chunk)
    case .ready: writer.put(Kind.ready.rawValue)
    case .spawn(let key):
      writer.put(Kind.spawn.rawValue)
      key.write(to: &writer)
    case .signal(let key, let signal, let scope):
      writer.put(Kind.signal.rawValue)
      key.write(to: &writer)
      writer.put(signal)
      writer.put(scope)
    case .adopt(let entry, let grace, let timeout):
      writer.put(Kind.adopt.rawValue)
      entry.write(to: &writer)
      writer.put(grace)
      writer.put(timeout)
    case .forget(let key):
      writer.put(Kind.forget.rawValue)
      key.write(to: &writer)
    case .notify(let text):
      writer.put(Kind.notify.rawValue)
      writer.put(text)
    case .exit(let code):
      writer.put(Kind.exit.rawValue)
      writer.put(code)
    case .keep(let name):
      writer.put(Kind.keep.rawValue)
      writer.put(name)
    case .drop(let name):
      writer.put(Kind.drop.rawValue)
      writer.put(name)
    }
    return writer.bytes
  }

  package init(decoding bytes: ArraySlice<UInt8>) throws(PacketReader.Malformed) {
    var reader = PacketReader(bytes)
    guard let kind = Kind(rawValue: try reader.get()) else { throw PacketReader.Malformed() }
    switch kind {
    case .hello:
      self = .hello(protocolVersion: try reader.get(), build: try reader.getString(), standby: try reader.getBool())
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
    }
    guard reader.remaining == 0 else { throw PacketReader.Malformed() }
  }
}

extension EntryKey {
  package func write(to writer: inout PacketWriter) {
    writer.put(slot)
    writer.put(generation)
  }

  package init(from reader: inout PacketReader) throws(PacketReader.Malformed) {
    self.init(slot: try reader.get(), generation: try reader.get())
  }
}
