import CLinux
import Glibc
import PupSystem
import PupTestSupport

@testable import PupCore
@testable import PupInstance

/// The shared files of an instance, as a keeper holds them. Two processes are configured, `web` and `db`; four have room.
final class InstanceInMemory {
  static let places = 4
  static let rows = 16

  /// In the order of `WelcomeDescriptor`.
  let descriptors: [Int32]
  let state: StateFile

  init(autostart: Bool = false) throws {
    let processes = ["web", "db"].map { "{ id: \"\($0)\", cmd: \"/bin/true\", autostart: \(autostart && $0 == "web") }" }
    var folder = [CChar](repeating: 0, count: 4096)
    // A brain goes to its instance's folder: the one in which all tests are already.
    guard getcwd(&folder, folder.count) != nil else { throw Failure("getcwd", code: errno) }
    let description = InstanceDescription(
      configurationPath: "pup.json",
      directory: String(decoding: folder.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self), isAdHoc: true,
      configuration: Array("{ processes: [\(processes.joined(separator: ", "))] }".utf8), dataDirectory: "/nonexistent/data",
      temporaryDirectory: "/nonexistent/temporary", runtimeDirectory: "/nonexistent/runtime")
    descriptors = try WelcomeDescriptor.allCases.map { which in
      switch which {
      case .instance: try Self.memory(holding: description.encoded())
      case .state: try Self.memory(of: StateFile.size(processes: Self.places))
      case .streams: try Self.memory(of: StreamLedger.size(rows: Self.rows))
      default: try Self.memory(of: 0)
      }
    }
    state = try StateFile(descriptor: descriptors[WelcomeDescriptor.state.rawValue])
  }

  deinit { for descriptor in descriptors { close(descriptor) } }

  private static func memory(of size: Int64) throws -> Int32 {
    let memory = try check(pup_memfd("brain-test"), "memfd")
    if size > 0 { try check(pup_allocate(memory, size), "fallocate") }
    return memory
  }

  private static func memory(holding bytes: [UInt8]) throws -> Int32 {
    let memory = try memory(of: 0)
    guard pwrite(memory, bytes, bytes.count, 0) == bytes.count else { throw Failure("pwrite", code: errno) }
    return memory
  }

  // MARK: What the brain before has left

  /// - Parameter keeperPid: under which that brain supervised; this process stands for a fake keeper.
  func begin(underKeeper keeperPid: Int32 = getpid()) throws {
    var header = StateHeader()
    (header.begun, header.keeperPid) = (true, keeperPid)
    header.keeperStartTime = ProcFiles.stat(of: keeperPid)?.startTime ?? 0
    try state.write(header)
  }

  /// A process with a run that lives.
  func put(_ id: String, in slot: Int, running generation: UInt32, row: UInt32 = 0, pid: Int32 = 4000) throws {
    let id = ProcessID(id)
    var record = ProcessRecord(id: id)
    let run = Run(key: RunKey(id: id, generation: generation), phase: .running(pid: pid, timeoutAt: nil))
    record.state = .up(.init(runs: [run], follow: .policy))
    record.generation = generation
    var saved = RunRecord(generation: generation, rowOut: row, rowErr: row + 1, graceNanoseconds: 1, timeoutNanoseconds: 2)
    (saved.pid, saved.startTime) = (pid, 7)
    try state.write(StateSlot(process: id.text, record: record.encoded(), runs: [saved]), slot: slot)
  }

  /// "web" runs in place 0, in its third run.
  static func withARun(underKeeper keeperPid: Int32 = getpid()) throws -> InstanceInMemory {
    let instance = try InstanceInMemory()
    try instance.begin(underKeeper: keeperPid)
    try instance.put("web", in: 0, running: 3)
    return instance
  }

  /// Both halves of the place.
  func damage(slot: Int) throws {
    let half = Int(StateFile.size(processes: 0)) / 2
    let bytes = [UInt8](repeating: 0x55, count: 2 * half)
    let at = off_t((slot + 1) * 2 * half)
    guard pwrite(state.descriptor, bytes, bytes.count, at) == bytes.count else { throw Failure("pwrite", code: errno) }
  }
}
