internal import FuzzChecks

/// Any bytes as a spawn specification.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let broken = FuzzPlan.check(Array(UnsafeBufferPointer(start: start, count: count)))
  precondition(broken.isEmpty, broken.joined(separator: "\n"))
  return 0
}
