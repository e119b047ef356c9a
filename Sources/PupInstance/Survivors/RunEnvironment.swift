internal import PupSystem

/// What Pup puts into the environment of its programs, read back from a process. Only a hint: a process can have any environment.
struct RunEnvironment {
  var process: String
  var data: String

  /// Nil if it has no such variables, or if it may not be read.
  init?(of pid: Int32) {
    // Every process of the user is examined, so nothing is allocated for the other variables. (Kernel threads have none.)
    guard let bytes = ProcFiles.read("/proc/\(pid)/environ") else { return nil }
    var (process, data): (String?, String?)
    var rest = bytes[...]
    while !rest.isEmpty {
      let entry = rest.prefix { $0 != 0 }
      if entry.first == UInt8(ascii: "P") {
        if let value = Self.value("PUP_PROCESS_ID=", entry) { process = value }
        if let value = Self.value("PUP_DATA_STORAGE=", entry) { data = value }
      }
      rest = rest.dropFirst(entry.count + 1)
    }
    guard let process, let data, !process.isEmpty else { return nil }
    self.process = process
    self.data = data
  }

  private static func value(_ name: StaticString, _ entry: ArraySlice<UInt8>) -> String? {
    let length = name.utf8CodeUnitCount
    let isNamed = name.withUTF8Buffer { entry.starts(with: $0) }
    return isNamed ? String(decoding: entry.dropFirst(length), as: UTF8.self) : nil
  }
}
