internal import CLinux
internal import Glibc
internal import PupSystem
internal import Synchronization

/// Allocates the pages of a busy process's next segment while the current one is being written: on tmpfs they cost more than
/// copying the lines, and another core is often idle. The file has no name until it is used, so nothing of it survives a crash.
final class SegmentReserve: Sendable {
  private struct State {
    var isPreparing = false
    var first: Descriptor?
    /// A second one, so that a flood that outruns the preparation still finds most of its segments prepared.
    var second: Descriptor?
  }

  /// At least this many segments must fit into the free space; otherwise it is left to processes that have lines to write.
  private static let spareSegments: Int64 = 8

  static func hasRoom(_ folder: String, bytes: Int64) -> Bool { pup_free_bytes(folder) >= spareSegments * bytes }

  /// The kernel may not switch to another thread within one call, and the idle class does not count against threads of another
  /// session (autogroups). To let the keeper run: bytes per call, and microseconds between two calls.
  private static let slice: Int64 = 512 << 10
  private static let nap: UInt32 = 20

  private let state = Mutex(State())

  var isPreparing: Bool { state.withLock { $0.isPreparing } }

  /// Prepares files of `bytes` bytes each in the folder, on another thread, until two are ready.
  func prepare(in folder: String, bytes: Int64) {
    let isNeeded = state.withLock { state in
      guard !state.isPreparing, state.second == nil else { return false }
      state.isPreparing = true
      return true
    }
    guard isNeeded else { return }
    let isRunning = HelperThread.run { [self] in
      // The programs, and the threads that take their output, come first.
      _ = pup_run_when_idle()
      while keep(reserved(in: folder, bytes)) {}
    }
    if !isRunning { drop() }
  }

  /// True when another one is needed.
  private func keep(_ file: Descriptor?) -> Bool {
    state.withLock { state in
      // It is no longer wanted, or there is no room.
      guard state.isPreparing, let file else {
        state.isPreparing = false
        return false
      }
      if state.first == nil { state.first = file } else { state.second = file }
      state.isPreparing = state.second == nil
      return state.isPreparing
    }
  }

  /// A prepared file; nil if there is none (yet).
  func take() -> Descriptor? {
    state.withLock { state in
      defer { (state.first, state.second) = (state.second, nil) }
      return state.first
    }
  }

  /// A file that is being prepared is dropped as well, after at most one more call.
  func drop() {
    // Closed outside the lock, because the kernel takes a while to free their pages.
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
