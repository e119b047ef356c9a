import Glibc

/// What a program finds when it is started. Taken before anything is changed.
struct Surroundings {
  private let status = Files.read("/proc/self/status")
  private var limit = rlimit()

  init() { getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) }

  var text: String {
    let signals = ["SigBlk", "SigIgn", "SigCgt"].map { "\($0) \(line($0))\n" }.joined()
    let previous = umask(0)
    umask(previous)
    return "nofile \(limit.rlim_cur) \(limit.rlim_max)\n"
      + "oom_score_adj \(Self.firstLine(Files.read("/proc/self/oom_score_adj")))\n" + signals
      + "sid \(getsid(0))\npgid \(getpgid(0))\nppid \(getppid())\numask \(String(previous, radix: 8))\n"
      + "cwd \(Files.target(ofLink: "/proc/self/cwd") ?? "?")\n"
      + (0...2).map { "\(["stdin", "stdout", "stderr"][$0]) \(Files.target(ofLink: "/proc/self/fd/\($0)") ?? "closed")\n" }
      .joined()
  }

  private func line(_ name: String) -> String {
    for line in status.split(separator: "\n") where line.hasPrefix("\(name):") {
      return String(line.dropFirst(name.count + 1).drop { $0 == "\t" || $0 == " " })
    }
    return "?"
  }

  private static func firstLine(_ text: String) -> Substring { text.prefix { $0 != "\n" } }

  static var environment: String {
    var text = ""
    var entry = environ
    while let variable = entry.pointee {
      text += "\(String(cString: variable))\n"
      entry += 1
    }
    return text
  }

  static var descriptors: String {
    guard let directory = opendir("/proc/self/fd") else { return "" }
    defer { closedir(directory) }
    var numbers: [Int32] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if let number = Int32(name), number != dirfd(directory) { numbers.append(number) }
    }
    return numbers.sorted().map { "fd \($0) \(Files.target(ofLink: "/proc/self/fd/\($0)") ?? "?")\n" }.joined()
  }
}
