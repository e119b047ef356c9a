internal import CLinux
internal import Glibc
internal import PupAPI
internal import PupCore
internal import PupEvents
internal import PupInstance
internal import PupStore
internal import PupSystem
internal import PupWeb

/// Where the numbering of events goes on, and how a brain that dies keeps the next one from using a number twice.
///
/// Numbers are reserved in blocks: in a file on tmpfs, which is written before they are used and lives as long as the machine
/// runs, and in the store, which may be late (a full disk). After a boot a new epoch begins.
struct EventNumbers: Sendable {
  /// Numbers are reserved in blocks of this many.
  static let block: Int64 = 65_536
  /// State events of earlier brains that readers can resume behind.
  private static let window = 4096

  private let store: Store?
  private let reservationFile: String
  private let epoch: String
  private let last: UInt64
  private let uncertain: Range<UInt64>
  private let restored: [EventRecord]

  init(store: Store?, reservationFile: String) throws(StoreError) {
    self.store = store
    self.reservationFile = reservationFile
    guard let store else {
      (epoch, last, uncertain, restored) = (Self.freshEpoch(), 0, 0..<0, [])
      return
    }
    var numbering = try store.openNumbering(block: Self.block, boot: RuntimeFiles.bootID)
    if let beyond = Self.reservation(in: reservationFile, epoch: numbering.epoch), beyond > numbering.next {
      numbering.next = beyond
      numbering.end = max(numbering.end, beyond + Self.block)
    }
    epoch = numbering.epoch
    last = UInt64(clamping: numbering.next - 1)
    uncertain = UInt64(clamping: numbering.uncertain.lowerBound)..<UInt64(clamping: numbering.uncertain.upperBound)
    restored = try store.loadNewestEvents(epoch: numbering.epoch, limit: Self.window).compactMap(EventRecord.init(_:))
  }

  /// The bus that goes on where the last one stopped.
  func makeBus() -> EventBus {
    var limits = EventBus.Limits()
    limits.block = UInt64(Self.block)
    return EventBus(
      epoch: epoch, last: last, restored: restored, uncertain: uncertain, limits: limits,
      reserve: { [store, reservationFile, epoch] end in
        // At once, and for as long as the machine runs; the database follows when its disk lets it.
        Self.reserve(below: Int64(clamping: end) + 1, epoch: epoch, in: reservationFile)
        store?.reserveNumbers(below: Int64(clamping: end) + 1) { _ in }
      })
  }

  // MARK: On tmpfs

  private static func reserve(below end: Int64, epoch: String, in path: String) {
    try? RuntimeFiles.replaceOwn(path, with: Array("\(epoch) \(end)\n".utf8))
  }

  private static func reservation(in path: String, epoch: String) -> Int64? {
    let words = RuntimeFiles.text(of: path)?.split(separator: "\n").first?.split(separator: " ") ?? []
    guard words.count == 2, words[0] == epoch else { return nil }
    return Int64(words[1])
  }

  private static func freshEpoch() -> String {
    var random = SystemRandomNumberGenerator()
    return String(random.next() >> 16, radix: 16)
  }
}

extension EventRecord {
  /// Nil for a number that no event has.
  fileprivate convenience init?(_ stored: StoredEvent) {
    guard stored.number > 0 else { return nil }
    self.init(
      name: EventName(rawValue: stored.type), sequence: UInt64(stored.number), processId: stored.process?.text, severity: nil,
      json: Array(stored.payload.utf8), lostBefore: UInt64(clamping: stored.lostBefore))
  }
}
