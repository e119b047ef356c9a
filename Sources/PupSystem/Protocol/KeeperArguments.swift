/// The command line of a keeper: descriptors by number and paths by name, all chosen by `pup run`, by a brain that survived its
/// keeper, or by a keeper that replaces itself. Nothing in it was written by a user. Everyone who writes or reads one does so
/// through this type.
package struct KeeperArguments: Hashable, Sendable {
  /// The first word, and the name of the executable.
  package static let program = "pup-keeper"

  package var instance: Int32 = -1
  package var state: Int32 = -1
  package var streams: Int32 = -1
  package var sinks: Int32 = -1
  package var lock: Int32 = -1
  package var rows = 0
  /// The executables in force, already open …
  package var keeperExecutable: Int32 = -1
  package var brainExecutable: Int32 = -1
  package var initExecutable: Int32 = -1
  /// … and the folder in which an upgrade finds their successors.
  package var programs = ""
  /// The folder of the shared files, which is removed when nothing is left that they could describe.
  package var runtime = ""
  /// The file that names that folder.
  package var pointer = ""
  /// Folder below which each run gets a cgroup; "" where there is none.
  package var cgroupBase = ""
  /// Soft limit that Pup was started with.
  package var openFiles = 0
  /// A brain that survived the keeper before this one, with its two sockets.
  package var brainPid: Int32 = -1
  package var control: Int32 = -1
  package var logs: Int32 = -1
  /// Descriptor of the state that the keeper before this one (same process, replaced by exec) left.
  package var resume: Int32 = -1
  /// Only say that this executable can run here, and what it reads. (The number is the version of the keeper that asks.)
  package var check: Int32 = -1

  package init() {}

  /// The descriptors of a `welcome`, -1 for one that is missing.
  package subscript(descriptor: WelcomeDescriptor) -> Int32 {
    get { self[keyPath: Self.place(of: descriptor)] }
    set { self[keyPath: Self.place(of: descriptor)] = newValue }
  }

  /// The descriptors that a successor has to inherit.
  package var descriptors: [Int32] { WelcomeDescriptor.allCases.map { self[$0] }.filter { $0 >= 0 } }

  private static func place(of descriptor: WelcomeDescriptor) -> WritableKeyPath<Self, Int32> {
    switch descriptor {
    case .instance: \.instance
    case .state: \.state
    case .streams: \.streams
    case .sinks: \.sinks
    case .lock: \.lock
    case .keeperExecutable: \.keeperExecutable
    case .brainExecutable: \.brainExecutable
    case .initExecutable: \.initExecutable
    }
  }
}
