/// Page-aligned memory that batches are read into.
struct ReadBuffer: ~Copyable {
  let bytes: UnsafeMutableRawBufferPointer

  init(byteCount: Int) { bytes = .allocate(byteCount: byteCount, alignment: 4096) }

  deinit { bytes.deallocate() }
}
