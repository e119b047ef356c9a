internal import CSpawn
internal import Glibc

/// Any bytes as a spawn specification. What is accepted is walked through as the code between clone and exec does.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  // A copy of exactly this size: one byte behind it is an error that the sanitizer sees. Mapped memory is aligned, as this is.
  guard let memory = malloc(max(count, 1)) else { return 0 }
  defer { free(memory) }
  if let start { memcpy(memory, start, count) }
  var plan = pup_spawn_plan()
  guard pup_plan_parse(memory, count, &plan) == 0 else { return 0 }
  defer { pup_plan_free(&plan) }

  let header = plan.header
  precondition(Int(header.size) <= count)
  var length = strlen(plan.cgroup) + strlen(plan.executable) + strlen(plan.cwd)
  for (list, count) in [(plan.argv, header.argv_count), (plan.env, header.env_count)] {
    guard let list else { preconditionFailure("a list is missing") }
    for index in 0..<Int(count) {
      guard let text = list[index] else { preconditionFailure("a text is missing") }
      length += strlen(text)
    }
    precondition(list[Int(count)] == nil, "a list has no end")
  }
  return length < 0 ? 1 : 0
}
