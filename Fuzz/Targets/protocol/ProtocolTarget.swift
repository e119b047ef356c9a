internal import FuzzChecks

/// Any bytes as a packet of either socket.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let broken = FuzzProtocol.check(Array(UnsafeBufferPointer(start: start, count: count)))
  precondition(broken.isEmpty, broken.joined(separator: "\n"))
  return 0
}
