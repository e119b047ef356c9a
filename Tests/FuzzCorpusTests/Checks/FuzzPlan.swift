internal import CSpawn
internal import Glibc

/// What must hold of spawn specifications whatever bytes come. For fuzzers and seeded tests.
package enum FuzzPlan {
  /// - Parameter bytes: a specification. If it is accepted, it is walked through as the code between clone and exec does.
  /// - Returns: what does not hold; empty where all is well.
  package static func check(_ bytes: [UInt8]) -> [String] {
    // A copy of exactly this size: one byte behind it is an error that the sanitizer sees. Mapped memory is aligned, as this is.
    guard let memory = malloc(max(bytes.count, 1)) else { return [] }
    defer { free(memory) }
    bytes.withUnsafeBytes { source in
      if let start = source.baseAddress { memcpy(memory, start, source.count) }
    }
    var plan = pup_spawn_plan()
    guard pup_plan_parse(memory, bytes.count, &plan) == 0 else { return [] }
    defer { pup_plan_free(&plan) }

    let end = UInt(bitPattern: memory) + UInt(bytes.count)
    var broken: [String] = []
    func walk(_ text: UnsafePointer<CChar>?) {
      guard let text else { return broken.append("a text is missing") }
      if UInt(bitPattern: text) + UInt(strlen(text)) >= end { broken.append("a text that ends outside") }
    }
    for text in [plan.cgroup, plan.executable, plan.cwd] { walk(text) }
    for (list, count) in [(plan.argv, plan.argv_count), (plan.env, plan.env_count)] {
      guard let list else {
        broken.append("a list is missing")
        continue
      }
      for index in 0..<Int(count) { walk(list[index]) }
      if list[Int(count)] != nil { broken.append("a list without an end") }
    }
    if plan.descriptor_count > PUP_SPAWN_MOST_DESCRIPTORS { broken.append("too many descriptors") }
    for index in 0..<Int(plan.descriptor_count)
    where !(3...UInt32(PUP_SPAWN_HIGHEST_DESCRIPTOR)).contains(plan.descriptors[index]) {
      broken.append("a descriptor of number \(plan.descriptors[index])")
    }
    // Read to the last one.
    for index in 0..<Int(plan.limit_count) where plan.limits[index].flags == .max && plan.limits[index].resource == .max {}
    return broken
  }
}
