internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupBasics
internal import PupSystem

/// Everything that the keeper has to know to start one run, as the flat struct that CSpawn reads.
struct SpawnSpecification {
  var key: EntryKey
  var rowOut: UInt32
  var rowErr: UInt32
  var graceNanoseconds: UInt64
  var timeoutNanoseconds: UInt64
  var openFiles: UInt64
  var oomScore: Int32
  var cgroup: String
  var executable: String
  var workingDirectory: String
  var arguments: [String]
  var environment: [String: String]

  /// In a sealed memfd.
  func memory() throws(SystemError) -> Descriptor {
    let memory = try Descriptor(pup_memfd("pup-spawn"), "memfd_create")
    let bytes = encoded()
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(memory.number, $0.baseAddress, $0.count) }
      guard count > 0 else { throw SystemError("write(specification)", errno: errno) }
      written += count
    }
    try check(pup_memfd_seal(memory.number), "fcntl(F_ADD_SEALS)")
    return memory
  }

  func encoded() -> [UInt8] {
    var header = pup_spawn_header()
    header.magic = UInt32(PUP_SPAWN_MAGIC)
    let version = ProtocolFormat.specification.current
    (header.version, header.needed) = (version.written, version.needed)
    header.slot = key.slot
    header.generation = key.generation
    header.row_out = rowOut
    header.row_err = rowErr
    header.grace_ns = graceNanoseconds
    header.timeout_ns = timeoutNanoseconds
    header.open_files = openFiles
    header.oom_score_adj = oomScore

    var bytes = [UInt8](repeating: 0, count: MemoryLayout<pup_spawn_header>.size) + LaterBuild.field
    header.header_size = UInt32(bytes.count)
    func place(_ text: String) -> UInt32 {
      let offset = UInt32(bytes.count)
      bytes.append(contentsOf: text.utf8)
      bytes.append(0)
      return offset
    }
    func place(_ offsets: [UInt32]) -> UInt32 {
      while bytes.count % 4 != 0 { bytes.append(0) }
      let start = UInt32(bytes.count)
      for offset in offsets { withUnsafeBytes(of: offset) { bytes.append(contentsOf: $0) } }
      return start
    }
    header.cgroup_at = place(cgroup)
    header.executable_at = place(executable)
    header.cwd_at = place(workingDirectory)
    header.argv_count = UInt32(arguments.count)
    header.argv_at = place(arguments.map(place))
    header.env_count = UInt32(environment.count)
    header.env_at = place(environment.sorted { $0.key < $1.key }.map { place("\($0.key)=\($0.value)") })
    header.size = UInt32(bytes.count)
    withUnsafeBytes(of: header) { bytes.replaceSubrange(0..<$0.count, with: $0) }
    return bytes
  }
}
