internal import CLinux
internal import Glibc
internal import PupSystem

/// The one pipe through which the pump copies: `tee` puts references to a stream's bytes into it without taking them out of the stream,
/// then they are read from here, in parts.
struct ScratchPipe: ~Copyable {
  enum Copied {
    case bytes(Int)
    case nothing
    /// Not a pipe, or a kernel without tee.
    case impossible(Int32)
  }

  /// What a pipe that keeps its packets apart (O_DIRECT) hands out at a time, at most; less room for it would lose the rest. PIPE_BUF.
  static let largestPacket = 4096
  /// Of the streams' pipes as well as of this one: with fewer slots less is copied at a time, which is slower but right.
  static let largest = 1 << 20

  private var readEnd: Int32 = -1
  private var writeEnd: Int32 = -1
  /// Copied and not read yet.
  private(set) var left = 0
  /// How many reads the last copy has taken: packets arrive one after the other.
  private(set) var reads = 0

  init() throws(SystemError) { try open() }

  deinit { closeEnds() }

  private mutating func open() throws(SystemError) {
    try check(pup_pipe(&readEnd, &writeEnd, true), "pipe2")
    for size in [Self.largest, 256 << 10] where pup_pipe_set_capacity(writeEnd, Int32(size)) >= 0 { break }
  }

  private func closeEnds() {
    if readEnd >= 0 { close(readEnd) }
    if writeEnd >= 0 { close(writeEnd) }
  }

  /// What is still inside would be taken for another stream's.
  private mutating func clear() {
    guard left > 0 else { return }
    left = 0
    closeEnds()
    (readEnd, writeEnd) = (-1, -1)
    try? open()
  }

  /// Refers to the first bytes of the pipe behind `descriptor`, which keeps them.
  mutating func copy(from descriptor: Int32) -> Copied {
    clear()
    reads = 0
    let count = pup_tee(descriptor, writeEnd, Self.largest)
    if count == 0 || count == -Int64(EAGAIN) || count == -Int64(EINTR) { return .nothing }
    guard count > 0 else { return .impossible(Int32(-count)) }
    left = Int(count)
    return .bytes(left)
  }

  /// Reads the next bytes, about `wanted` of them, into a buffer with room for `largestPacket` more. Returns how many.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer, about wanted: Int) -> Int {
    var done = 0
    while left > 0, done < wanted, let base = buffer.baseAddress {
      let room = min(max(wanted - done, Self.largestPacket), buffer.count - done)
      let got = Glibc.read(readEnd, base + done, room)
      if got > 0 {
        done += got
        left -= got
        reads += 1
      } else if got == 0 || errno != EINTR {
        clear()
      }
    }
    return done
  }
}
