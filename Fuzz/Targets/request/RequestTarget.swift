internal import FuzzChecks

/// Any bytes as the head of a request: method, target, version and headers, one a line.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let answer = FuzzRequest.route(Array(UnsafeBufferPointer(start: start, count: count)))
  precondition(!answer.isEmpty, "neither a route nor an error")
  return 0
}
