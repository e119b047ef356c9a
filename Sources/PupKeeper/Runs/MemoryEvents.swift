/// What a cgroup's `memory.events` counts (kernel documentation, "Control Group v2"): one `name count` a line.
struct MemoryEvents {
  private var counts: [Substring: UInt64] = [:]

  init(_ text: [UInt8]) {
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 2, let count = UInt64(words[1]) { counts[words[0]] = count }
    }
  }

  /// `oom` alone only says that the limit was met: the kernel may have found what it needed.
  var hasKilled: Bool { ["oom_kill", "oom_group_kill"].contains { counts[$0, default: 0] > 0 } }
}
