internal import CLinux
internal import Glibc
internal import PupSystem

/// The one pipe through which the pump copies: `tee` puts references to a stream's bytes into it without taking them out of the stream,
/// then they are read from here.
struct ScratchPipe: ~Copyable {
  enum Copied {
    /// In so many packets, for a pipe that keeps them apart; in one or a few otherwise.
    case bytes(Int, packets: Int)
    case nothing
    /// Not a pipe, or a kernel without tee.
    case impossible(Int32)
  }

  private var readEnd: Int32 = -1
  private var writeEnd: Int32 = -1

  init() throws(SystemError) { try open() }

  deinit { closeEnds() }

  private mutating func open() throws(SystemError) {
    try check(pup_pipe(&readEnd, &writeEnd, true), "pipe2")
    // As many slots as the largest stream has; with fewer a batch is smaller, which is slower but right.
    for size in [1 << 20, 256 << 10] where pup_pipe_set_capacity(writeEnd, Int32(size)) >= 0 { break }
  }

  private func closeEnds() {
    if readEnd >= 0 { close(readEnd) }
    if writeEnd >= 0 { close(writeEnd) }
  }

  /// Copies the first bytes of the pipe behind `descriptor` into `buffer`; the pipe keeps them. Packets (O_DIRECT) arrive one after the other.
  mutating func copy(from descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Copied {
    let count = pup_tee(descriptor, writeEnd, buffer.count)
    if count == 0 || count == -Int64(EAGAIN) || count == -Int64(EINTR) { return .nothing }
    guard count > 0 else { return .impossible(Int32(-count)) }
    var done = 0
    var reads = 0
    while done < Int(count), let base = buffer.baseAddress {
      let got = read(readEnd, base + done, Int(count) - done)
      if got > 0 {
        done += got
        reads += 1
      } else if got == 0 || errno != EINTR {
        break
      }
    }
    if done < Int(count) {
      // What is still inside would be taken for another stream's.
      closeEnds()
      (readEnd, writeEnd) = (-1, -1)
      try? open()
    }
    return done > 0 ? .bytes(done, packets: reads) : .nothing
  }
}
