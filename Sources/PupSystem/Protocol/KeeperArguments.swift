/// The command line of a keeper: descriptors by number and paths by name, all chosen by `pup run`, by a brain that survived its
/// keeper, or by a keeper that replaces itself. Nothing in it was written by a user. Only this type writes or reads one.
package struct KeeperArguments: Hashable, Sendable {
  /// The first word, and the name of the executable.
  package static let program = "pup-keeper"

  package var instance: Int32 = -1
  package var state: Int32 = -1
  package var streams: Int32 = -1
  package var sinks: Int32 = -1
  package var lock: Int32 = -1
  package var rows = 0
  /// The executables in use, already open …
  package var keeperExecutable: Int32 = -1
  package var brainExecutable: Int32 = -1
  package var initExecutable: Int32 = -1
  /// … and the folder in which an upgrade finds their successors.
  package var programs = ""
  /// The folder of the shared files, which is removed when there is nothing left for them to describe.
  package var runtime = ""
  /// The file that names that folder.
  package var pointer = ""
  /// The folder below which each run gets a cgroup; "" if there is none.
  package var cgroupBase = ""
  /// The soft limit that Pup was started with.
  package var openFiles = 0
  /// A brain that survived the previous keeper, with its two sockets.
  package var brainPid: Int32 = -1
  package var control: Int32 = -1
  package var logs: Int32 = -1
  /// The descriptor of the state that the previous keeper (same process, replaced by exec) left.
  package var resume: Int32 = -1
  /// Only report that this executable can run here, and what it reads. (The number is the version of the keeper that asks.)
  package var check: Int32 = -1

  package init() {}

  /// The descriptors of a `welcome`, -1 for a missing one.
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
