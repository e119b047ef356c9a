internal import CLinux
internal import Glibc
internal import PupSystem
internal import Synchronization

/// Gets the pages of a busy process's next segment while the present one is written: on tmpfs they cost more than the copying of
/// the lines, and another core is often free. The file has no name until it is used, so nothing of it outlives a crash.
final class SegmentReserve: Sendable {
  private struct State {
    var isPreparing = false
    var first: Descriptor?
    /// A second one: a flood that is faster than the preparation still has most of its segments prepared.
    var second: Descriptor?
  }

  /// So many segments must fit into what is free, or the space is left to those who have lines for it.
  private static let spareSegments: Int64 = 8

  static func hasRoom(_ folder: String, bytes: Int64) -> Bool { pup_free_bytes(folder) >= spareSegments * bytes }

  /// The kernel may not change to another thread within one call, and the idle class means nothing against another session's
  /// threads (autogroups): so that the keeper has its turn, bytes of one call, and microseconds between two.
  private static let slice: Int64 = 512 << 10
  private static let nap: UInt32 = 20

  private let state = Mutex(State())

  var isPreparing: Bool { state.withLock { $0.isPreparing } }

  /// Prepares files for `bytes` bytes each in the folder, on another thread, until two are ready.
  func prepare(in folder: String, bytes: Int64) {
    let isNeeded = state.withLock { state in
      guard !state.isPreparing, state.second == nil else { return false }
      state.isPreparing = true
      return true
    }
    guard isNeeded else { return }
    let isRunning = HelperThread.run { [self] in
      // The programs, and those who take their output, come first.
      _ = pup_run_when_idle()
      while keep(reserved(in: folder, bytes)) {}
    }
    if !isRunning { drop() }
  }

  /// True when another one is needed.
  private func keep(_ file: Descriptor?) -> Bool {
    state.withLock { state in
      // Nobody waits for it any more, or there is no room.
      guard state.isPreparing, let file else {
        state.isPreparing = false
        return false
      }
      if state.first == nil { state.first = file } else { state.second = file }
      state.isPreparing = state.second == nil
      return state.isPreparing
    }
  }

  /// A prepared file; nil when there is none, or not yet.
  func take() -> Descriptor? {
    state.withLock { state in
      defer { (state.first, state.second) = (state.second, nil) }
      return state.first
    }
  }

  /// A file that is being prepared goes as well, after at most one more call.
  func drop() {
    // Closed behind the lock: it takes the kernel a while to free their pages.
    _ = state.withLock { state in
      let dropped = state
      state = State()
      return dropped
    }
  }

  private func reserved(in folder: String, _ bytes: Int64) -> Descriptor? {
    let file = Descriptor(pup_open_unnamed(folder, O_RDWR | O_APPEND, StoreSink.fileMode))
    guard file.isOpen else { return nil }
    for offset in stride(from: 0, to: bytes, by: Int(Self.slice)) {
      guard isPreparing, Self.hasRoom(folder, bytes: bytes),
        pup_reserve(file.number, offset, min(Self.slice, bytes - offset)) >= 0
      else { return nil }
      usleep(Self.nap)
    }
    return file
  }
}
