/// How a keeper is started: descriptors by number and paths by name, all chosen by `pup run` (or by a brain that survived its keeper).
/// Nothing in it was written by a user.
struct KeeperArguments {
  var instance: Int32 = -1
  var state: Int32 = -1
  var streams: Int32 = -1
  var sinks: Int32 = -1
  var lock: Int32 = -1
  var rows = 0
  /// The executables in force, already open …
  var keeperExecutable: Int32 = -1
  var brainExecutable: Int32 = -1
  var initExecutable: Int32 = -1
  /// … and the folder in which an upgrade finds their successors.
  var programs = ""
  /// The folder of the shared files, which goes when nothing is left that they could tell about.
  var runtime = ""
  /// The file that names that folder.
  var pointer = ""
  /// Folder below which each run gets a cgroup; "" where there is none.
  var cgroupBase = ""
  /// Soft limit that Pup was started with.
  var openFiles: UInt64 = 0
  /// A brain that survived the keeper before this one, with its two sockets.
  var brainPid: Int32 = 0
  var control: Int32 = -1
  var logs: Int32 = -1
  /// Descriptor of the state that the keeper before this one (same process, replaced by exec) left.
  var resume: Int32 = -1
  /// Only say whether this executable can run here, and read state of this version.
  var check: Int32?

  struct Invalid: Error { var message: String }

  init(_ words: [String]) throws(Invalid) {
    var index = 1
    while index < words.count {
      let name = words[index]
      guard index + 1 < words.count else { throw Invalid(message: "\(name) needs a value") }
      let value = words[index + 1]
      index += 2
      switch name {
      case "--programs": programs = value
      case "--cgroup": cgroupBase = value
      case "--runtime": runtime = value
      case "--pointer": pointer = value
      default:
        guard let number = Int64(value), number >= 0, number <= Int64(Int32.max) else {
          throw Invalid(message: "\(name) \(value): not a number")
        }
        try set(name, number)
      }
    }
  }

  private mutating func set(_ name: String, _ number: Int64) throws(Invalid) {
    let descriptor = Int32(truncatingIfNeeded: number)
    switch name {
    case "--instance": instance = descriptor
    case "--state": state = descriptor
    case "--streams": streams = descriptor
    case "--sinks": sinks = descriptor
    case "--lock": lock = descriptor
    case "--rows": rows = Int(number)
    case "--keeper": keeperExecutable = descriptor
    case "--brain": brainExecutable = descriptor
    case "--init": initExecutable = descriptor
    case "--open-files": openFiles = UInt64(number)
    case "--brain-pid": brainPid = descriptor
    case "--control": control = descriptor
    case "--logs": logs = descriptor
    case "--resume": resume = descriptor
    case "--check": check = descriptor
    default: throw Invalid(message: "unknown argument \(name)")
    }
  }

  /// The descriptors that a successor has to inherit.
  var descriptors: [Int32] {
    [instance, state, streams, sinks, lock, keeperExecutable, brainExecutable, initExecutable].filter { $0 >= 0 }
  }

  /// The words for a successor; `init(_:)` reads them back.
  func words(name: String) -> [String] {
    var words = [
      name, "--programs", programs, "--runtime", runtime, "--pointer", pointer, "--cgroup", cgroupBase, "--rows", String(rows),
      "--open-files",
      String(openFiles),
    ]
    let numbered: [(String, Int32)] = [
      ("--instance", instance), ("--state", state), ("--streams", streams), ("--sinks", sinks), ("--lock", lock),
      ("--keeper", keeperExecutable), ("--brain", brainExecutable), ("--init", initExecutable), ("--resume", resume),
    ]
    for (name, value) in numbered where value >= 0 { words += [name, String(value)] }
    return words
  }
}
