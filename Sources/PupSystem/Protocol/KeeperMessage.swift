/// What the keeper says to a brain on the control socket.
package enum KeeperMessage: Hashable, Sendable {
  /// Descriptors: as in `WelcomeDescriptor`, in that order, then one for each name in `kept`.
  case welcome(Welcome)
  /// At most 64 runs; the next chunk follows `inventoryReceived`. Descriptors: the streams of the entries, in their order.
  case inventory(chunk: UInt32, last: Bool, [InventoryEntry])
  /// Descriptors: the read ends of stdout and stderr.
  case spawned(EntryKey, pid: Int32, startTime: UInt64, cgroup: String, initPid: Int32)
  case spawnFailed(EntryKey, stage: UInt32, errno: Int32)
  case exited(EntryKey, ExitRecord)
  /// The leader and every member of its tree are gone.
  case treeEmpty(EntryKey)
  /// A signal that asks for the end (SIGTERM, SIGINT, SIGHUP with a terminal).
  case terminate(signal: Int32)
  /// SIGHUP without a terminal.
  case hangUp
  /// Another brain is ready to take over: finish what is under way, then exit with code 0.
  case yield
  /// Descriptors: stream ends that the keeper re-opened (`hasOutput`, `hasError` of the entry); phase `failed` when the process is gone.
  case adopted(InventoryEntry)

  package struct Welcome: Hashable, Sendable {
    package var protocolVersion: UInt32
    /// Too many brains died in a row: keep what runs, start no plugins, open no listener.
    package var safe: Bool
    /// Why `safe` is set, and what happened to the brain before this one.
    package var reason: String
    /// The end was asked for before this brain came; 0 is no.
    package var terminateSignal: Int32
    package var ledgerRows: UInt32
    package var entries: UInt32
    /// The soft RLIMIT_NOFILE that Pup was started with; children get it back.
    package var openFileLimit: UInt64
    /// What the keeper can hold at most.
    package var openFileCapacity: UInt64
    /// The folder in which each run gets a cgroup, or "".
    package var cgroupBase: String
    /// The folder in which an upgrade finds its executables.
    package var programs: String
    /// How many brains there were before this one.
    package var predecessors: UInt32
    package var keeperPid: Int32
    /// The names of the descriptors that brains have asked to keep.
    package var kept: [String] = []

    package init() {
      (protocolVersion, safe, reason, terminateSignal, ledgerRows, entries) = (BrainMessage.version, false, "", 0, 0, 0)
      (openFileLimit, openFileCapacity, cgroupBase, programs, predecessors, keeperPid) = (0, 0, "", "", 0, 0)
    }
  }

  private enum Kind: UInt16 {
    case welcome = 101
    case inventory, spawned, spawnFailed, exited, treeEmpty, terminate, hangUp, yield, adopted
  }

  package func encoded() -> [UInt8] {
    var writer = PacketWriter()
    switch self {
    case .welcome(let welcome):
      writer.put(Kind.welcome.rawValue)
      writer.put(welcome.protocolVersion)
      writer.put(welcome.safe)
      writer.put(welcome.reason)
      writer.put(welcome.terminateSignal)
      writer.put(welcome.ledgerRows)
      writer.put(welcome.entries)
      writer.put(welcome.openFileLimit)
      writer.put(welcome.openFileCapacity)
      writer.put(welcome.cgroupBase)
      writer.put(welcome.programs)
      writer.put(welcome.predecessors)
      writer.put(welcome.keeperPid)
      writer.put(UInt32(welcome.kept.count))
      for name in welcome.kept { writer.put(name) }
    case .inventory(let chunk, let last, let entries):
      writer.put(Kind.inventory.rawValue)
      writer.put(chunk)
      writer.put(last)
      writer.put(UInt32(entries.count))
      for entry in entries { entry.write(to: &writer) }
    case .spawned(let key, let pid, let startTime, let cgroup, let initPid):
      writer.put(Kind.spawned.rawValue)
      key.write(to: &writer)
      writer.put(pid)
      writer.put(startTime)
      writer.put(cgroup)
      writer.put(initPid)
    case .spawnFailed(let key, let stage, let errno):
      writer.put(Kind.spawnFailed.rawValue)
      key.write(to: &writer)
      writer.put(stage)
      writer.put(errno)
    case .exited(let key, let exit):
      writer.put(Kind.exited.rawValue)
      key.write(to: &writer)
      exit.write(to: &writer)
    case .treeEmpty(let key):
      writer.put(Kind.treeEmpty.rawValue)
      key.write(to: &writer)
    case .terminate(let signal):
      writer.put(Kind.terminate.rawValue)
      writer.put(signal)
    case .hangUp: writer.put(Kind.hangUp.rawValue)
    case .yield: writer.put(Kind.yield.rawValue)
    case .adopted(let entry):
      writer.put(Kind.adopted.rawValue)
      entry.write(to: &writer)
    }
    return writer.bytes
  }

  package init(decoding bytes: ArraySlice<UInt8>) throws(PacketReader.Malformed) {
    var reader = PacketReader(bytes)
    guard let kind = Kind(rawValue: try reader.get()) else { throw PacketReader.Malformed() }
    switch kind {
    case .welcome:
      var welcome = Welcome()
      welcome.protocolVersion = try reader.get()
      welcome.safe = try reader.getBool()
      welcome.reason = try reader.getString()
      welcome.terminateSignal = try reader.get()
      welcome.ledgerRows = try reader.get()
      welcome.entries = try reader.get()
      welcome.openFileLimit = try reader.get()
      welcome.openFileCapacity = try reader.get()
      welcome.cgroupBase = try reader.getString()
      welcome.programs = try reader.getString()
      welcome.predecessors = try reader.get()
      welcome.keeperPid = try reader.get()
      let kept = try reader.get(UInt32.self)
      guard kept <= BrainMessage.keptLimit else { throw PacketReader.Malformed() }
      for _ in 0..<kept { welcome.kept.append(try reader.getString()) }
      self = .welcome(welcome)
    case .inventory:
      let chunk = try reader.get(UInt32.self)
      let last = try reader.getBool()
      let count = try reader.get(UInt32.self)
      guard count <= 64 else { throw PacketReader.Malformed() }
      var entries: [InventoryEntry] = []
      for _ in 0..<count { entries.append(try InventoryEntry(from: &reader)) }
      self = .inventory(chunk: chunk, last: last, entries)
    case .spawned:
      self = .spawned(
        try EntryKey(from: &reader), pid: try reader.get(), startTime: try reader.get(), cgroup: try reader.getString(),
        initPid: try reader.get())
    case .spawnFailed: self = .spawnFailed(try EntryKey(from: &reader), stage: try reader.get(), errno: try reader.get())
    case .exited: self = .exited(try EntryKey(from: &reader), try ExitRecord(from: &reader))
    case .treeEmpty: self = .treeEmpty(try EntryKey(from: &reader))
    case .terminate: self = .terminate(signal: try reader.get())
    case .hangUp: self = .hangUp
    case .yield: self = .yield
    case .adopted: self = .adopted(try InventoryEntry(from: &reader))
    }
    guard reader.remaining == 0 else { throw PacketReader.Malformed() }
  }
}
