internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupBasics
internal import PupSystem

/// Everything that the keeper has to know to start one run, in the sections that CSpawn reads.
struct SpawnSpecification {
  var key: EntryKey
  var rowOut: UInt32
  var rowErr: UInt32
  var graceNanoseconds: UInt64
  var timeoutNanoseconds: UInt64
  /// The soft limit of open files, where the hard one allows it; 0 leaves both.
  var openFiles: UInt64
  var oomScore: Int32
  var cgroup: String
  var executable: String
  var workingDirectory: String
  var arguments: [String]
  var environment: [String: String]
  /// The program's number for each descriptor that is sent with the specification.
  var descriptors: [UInt32] = []

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
    var contents = [
      Section(PUP_SECTION_RUN, Self.bytes(of: run) + LaterBuild.field),
      Section(PUP_SECTION_CGROUP, Self.texts([cgroup])),
      Section(PUP_SECTION_EXECUTABLE, Self.texts([executable])),
      Section(PUP_SECTION_DIRECTORY, Self.texts([workingDirectory])),
      Section(PUP_SECTION_ARGUMENTS, Self.texts(arguments)),
      Section(PUP_SECTION_ENVIRONMENT, Self.texts(environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })),
    ]
    if openFiles > 0 {
      let limit = pup_spawn_limit(
        resource: UInt32(RLIMIT_NOFILE.rawValue), flags: UInt32(PUP_LIMIT_SOFT | PUP_LIMIT_UP_TO_HARD), soft: openFiles, hard: 0)
      contents.append(Section(PUP_SECTION_LIMITS, Self.bytes(of: limit)))
    }
    if !descriptors.isEmpty { contents.append(Section(PUP_SECTION_DESCRIPTORS, descriptors.flatMap { Self.bytes(of: $0) })) }
    if LaterBuild.isRunning { contents.append(Section(Int(UInt16.max), LaterBuild.field)) }

    var header = pup_spawn_header()
    header.magic = UInt32(PUP_SPAWN_MAGIC)
    let version = ProtocolFormat.specification.current
    (header.version, header.needed) = (version.written, version.needed)
    let size = MemoryLayout<pup_spawn_header>.size + LaterBuild.field.count
    header.header_size = UInt16(size)
    header.section_count = UInt16(contents.count)
    var table: [UInt8] = []
    var texts: [UInt8] = []
    let start = size + contents.count * MemoryLayout<pup_spawn_section>.size
    for section in contents {
      let entry = pup_spawn_section(
        type: section.type, flags: 0, at: UInt32(start + texts.count), length: UInt32(section.bytes.count))
      table += Self.bytes(of: entry)
      texts += section.bytes
    }
    header.size = UInt32(start + texts.count)
    return Self.bytes(of: header) + LaterBuild.field + table + texts
  }

  private var run: pup_spawn_run {
    var run = pup_spawn_run()
    (run.slot, run.generation) = (key.slot, key.generation)
    (run.row_out, run.row_err) = (rowOut, rowErr)
    (run.grace_ns, run.timeout_ns) = (graceNanoseconds, timeoutNanoseconds)
    run.oom_score_adj = oomScore
    return run
  }

  private struct Section {
    let type: UInt16
    let bytes: [UInt8]

    /// - Parameter type: one of CSpawn's constants, which are imported as `Int`.
    init(_ type: Int, _ bytes: [UInt8]) {
      self.type = UInt16(type)
      self.bytes = bytes
    }
  }

  private static func texts(_ texts: [String]) -> [UInt8] { texts.flatMap { Array($0.utf8) + [0] } }

  /// Of a struct without padding.
  private static func bytes<Value: BitwiseCopyable>(of value: Value) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }
}
