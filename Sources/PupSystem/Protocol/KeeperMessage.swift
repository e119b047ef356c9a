package import PupBasics

/// What the keeper says to a brain on the control socket.
package enum KeeperMessage: Hashable, Sendable {
  /// Descriptors: as in `WelcomeDescriptor`, in that order, then one for each name in `kept`.
  case welcome(Welcome)
  /// At most 64 runs; the next chunk follows `inventoryReceived`. Descriptors: the streams of the entries, in their order.
  case inventory(chunk: UInt32, last: Bool, [InventoryEntry])
  /// Descriptors: the read ends of stdout and stderr.
  case spawned(EntryKey, pid: Int32, startTime: UInt64, cgroup: String, initPid: Int32)
  case spawnFailed(EntryKey, SpawnError)
  case exited(EntryKey, ExitRecord)
  /// The leader and every member of its tree are gone.
  case treeEmpty(EntryKey)
  /// A signal that requests the end (SIGTERM, SIGINT, SIGHUP with a terminal).
  case terminate(signal: Int32)
  /// SIGHUP without a terminal.
  case hangUp
  /// Another brain is ready to take over: finish what is in progress, then exit with code 0.
  case yield
  /// Descriptors: stream ends that the keeper re-opened (`hasOutput`, `hasError` of the entry); phase `failed` if the process is
  /// gone.
  case adopted(InventoryEntry)
  case stray(StrayReport)

  /// Too many brains died in a row: this one keeps what is running and what controls it, and omits everything that may have been
  /// the cause.
  package struct SafeMode: Hashable, Sendable {
    /// Microseconds since 1970.
    package var since: Int64
    package var reason: String
    /// It ends once this brain has supervised for this long, in ns.
    package var trial: Int64

    package init(since: Int64, reason: String, trial: Int64) {
      (self.since, self.reason, self.trial) = (since, reason, trial)
    }
  }

  package struct Welcome: Hashable, Sendable {
    /// The protocol that both speak from here on, and all that the keeper speaks.
    package var agreed: UInt16
    package var speaks: ClosedRange<UInt16>
    /// The newest spawn specification that the keeper reads.
    package var specification: UInt16
    package var safeMode: SafeMode?
    /// What happened to the previous brain.
    package var reason: String
    /// The signal that requested the end before this brain came; 0 if none did.
    package var terminateSignal: Int32
    package var ledgerRows: UInt32
    package var entries: UInt32
    /// The soft RLIMIT_NOFILE that Pup was started with; children get it back.
    package var openFileLimit: UInt64
    /// How many the keeper can hold at most.
    package var openFileCapacity: UInt64
    /// The folder in which each run gets a cgroup, or "".
    package var cgroupBase: String
    /// The folder in which an upgrade finds its executables.
    package var programs: String
    /// How many brains preceded this one.
    package var predecessors: UInt32
    package var keeperPid: Int32
    /// The names of the descriptors that brains have asked to keep.
    package var kept: [String] = []

    package init() {
      (agreed, speaks) = (ProtocolFormat.messages.versions.upperBound, ProtocolFormat.messages.versions)
      specification = ProtocolFormat.specification.versions.upperBound
      (reason, terminateSignal, ledgerRows, entries) = ("", 0, 0, 0)
      (openFileLimit, openFileCapacity, cgroupBase, programs, predecessors, keeperPid) = (0, 0, "", "", 0, 0)
    }
  }

  private enum Kind: UInt16 {
    case welcome = 101
    case inventory, spawned, spawnFailed, exited, treeEmpty, terminate, hangUp, yield, adopted, stray
  }

  package func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.message(kind.rawValue, writeFields)
    return writer.bytes
  }

  private var kind: Kind {
    switch self {
    case .welcome: .welcome
    case .inventory: .inventory
    case .spawned: .spawned
    case .spawnFailed: .spawnFailed
    case .exited: .exited
    case .treeEmpty: .treeEmpty
    case .terminate: .terminate
    case .hangUp: .hangUp
    case .yield: .yield
    case .adopted: .adopted
    case .stray: .stray
    }
  }

  private func writeFields(to writer: inout ByteWriter) {
    switch self {
    case .welcome(let welcome): welcome.write(to: &writer)
    case .inventory(let chunk, let last, let entries):
      writer.put(chunk)
      writer.put(last)
      writer.put(UInt32(entries.count))
      for entry in entries { entry.write(to: &writer) }
    case .spawned(let key, let pid, let startTime, let cgroup, let initPid):
      key.write(to: &writer)
      writer.put(pid)
      writer.put(startTime)
      writer.put(cgroup)
      writer.put(initPid)
    case .spawnFailed(let key, let error):
      key.write(to: &writer)
      writer.put(error.stage)
      writer.put(error.errno)
      writer.put(error.subject)
    case .exited(let key, let exit):
      key.write(to: &writer)
      exit.write(to: &writer)
    case .treeEmpty(let key): key.write(to: &writer)
    case .terminate(let signal): writer.put(signal)
    case .hangUp, .yield: break
    case .adopted(let entry): entry.write(to: &writer)
    case .stray(let report):
      writer.put(report.key != nil)
      (report.key ?? EntryKey(slot: 0, generation: 0)).write(to: &writer)
      writer.put(report.pid)
      writer.put(report.name)
    }
  }

  /// - Returns: nil for an unknown message that may be ignored.
  package static func decoded(_ bytes: ArraySlice<UInt8>) throws(FormatError) -> KeeperMessage? {
    var reader = ByteReader(bytes)
    return try reader.message { (kind: Kind, fields) throws(FormatError) in try KeeperMessage(kind, from: &fields) }
  }

  private init(_ kind: Kind, from reader: inout ByteReader) throws(FormatError) {
    switch kind {
    case .welcome: self = .welcome(try Welcome(from: &reader))
    case .inventory:
      let (chunk, last) = (try reader.get(UInt32.self), try reader.getBool())
      let count = try reader.getCount()
      guard count <= 64 else { throw .malformed }
      var entries: [InventoryEntry] = []
      for _ in 0..<count { entries.append(try InventoryEntry(from: &reader)) }
      self = .inventory(chunk: chunk, last: last, entries)
    case .spawned:
      self = .spawned(
        try EntryKey(from: &reader), pid: try reader.get(), startTime: try reader.get(), cgroup: try reader.getString(),
        initPid: try reader.get())
    case .spawnFailed:
      let key = try EntryKey(from: &reader)
      var error = SpawnError(stage: try reader.get(), errno: try reader.get())
      if reader.remaining > 0 { error.subject = try reader.getString() }
      self = .spawnFailed(key, error)
    case .exited: self = .exited(try EntryKey(from: &reader), try ExitRecord(from: &reader))
    case .treeEmpty: self = .treeEmpty(try EntryKey(from: &reader))
    case .terminate: self = .terminate(signal: try reader.get())
    case .hangUp: self = .hangUp
    case .yield: self = .yield
    case .adopted: self = .adopted(try InventoryEntry(from: &reader))
    case .stray:
      let isKnown = try reader.getBool()
      let key = try EntryKey(from: &reader)
      self = .stray(StrayReport(key: isKnown ? key : nil, pid: try reader.get(), name: try reader.getString()))
    }
  }
}
