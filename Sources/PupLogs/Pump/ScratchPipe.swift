internal import CLinux
internal import Glibc
internal import PupSystem

/// The one pipe through which the pump copies: `tee` puts references to a stream's bytes into it without taking them out of the
/// stream, then they are read from here, in parts.
struct ScratchPipe {
  enum Copied {
    case bytes(Int)
    case nothing
    /// Not a pipe, or a kernel without tee.
    case impossible(Int32)
  }

  /// The most that a pipe in packet mode (O_DIRECT) returns at a time; with less room the rest would be lost. PIPE_BUF.
  static let largestPacket = 4096
  /// Of the streams' pipes as well as of this one: with fewer slots less is copied at a time, which is slower but right.
  static let largest = 1 << 20

  private let ends: PipeEnds
  /// Copied and not read yet.
  private(set) var left = 0
  /// How many reads the last copy took: packets arrive one by one.
  private(set) var reads = 0

  init() throws(SystemError) {
    ends = try PipeEnds(isBlocking: false)
    // If the user's pipes may no longer be this large, less is copied at a time.
    for size in [Self.largest, 256 << 10] where pup_pipe_set_capacity(ends.write.number, Int32(size)) >= 0 { break }
  }

  /// What is still inside would be mistaken for another stream's.
  private mutating func clear() {
    guard left > 0 else { return }
    let pipe = ends.read.number
    withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 1) { buffer in
      while left > 0 {
        let got = Glibc.read(pipe, buffer.baseAddress, buffer.count)
        if got > 0 { left = max(left - got, 0) } else if got == 0 || errno != EINTR { left = 0 }
      }
    }
  }

  /// Refers to the first bytes of the pipe behind `descriptor`, which keeps them.
  mutating func copy(from descriptor: Int32) -> Copied {
    clear()
    reads = 0
    let count = pup_tee(descriptor, ends.write.number, Self.largest)
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
      let got = Glibc.read(ends.read.number, base + done, room)
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
