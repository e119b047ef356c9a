internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupSystem

/// What a keeper sets for its own process.
struct ProcessSettings {
  /// The oom_score_adj that it had: a keeper after this one goes on with it.
  var originalOOMScore: Int32
  /// Whose end is the programs' end.
  let hasTerminal: Bool

  init() {
    signal(SIGPIPE, SIG_IGN)
    // A limit on the length of files is an error code, as a full disk is.
    signal(SIGXFSZ, SIG_IGN)
    signal(SIGTTOU, SIG_IGN)
    originalOOMScore = pup_oom_score()
    // Programs go first when memory runs out; without the right to do so this changes nothing.
    if originalOOMScore > -900 { _ = pup_set_oom_score(-900) }
    let terminal = Descriptor(pup_open("/dev/tty", O_RDONLY | O_NOCTTY, 0))
    // nohup(1) means that the terminal's end is not the programs'.
    hasTerminal = terminal.isOpen && !pup_signal_is_ignored(SIGHUP)
    // Linux has known it since 3.4.
    _ = pup_set_subreaper(true)
    // A program that is started from an open descriptor is named after the descriptor by older kernels. It is only a name.
    _ = pup_set_name("pup-keeper")
  }

  /// The signals of a keeper, to be read from here.
  static func signalDescriptor() throws(SystemError) -> Descriptor {
    // Whoever started this may ignore it, and then no child could be waited for.
    signal(SIGCHLD, SIG_DFL)
    let watched = [SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2]
    return try Descriptor(pup_signal_descriptor(watched, Int32(watched.count)), "signalfd")
  }

  /// 0, 1 and 2 have to be something: a child's descriptors are arranged over them.
  /// - Returns: /dev/null.
  static func fillStandardDescriptors() throws(SystemError) -> Descriptor {
    while true {
      let null = try Descriptor(pup_open("/dev/null", O_RDWR, 0), "open /dev/null")
      if null.number > 2 { return null }
      CloseOnExec.clear([null.take()])
    }
  }
}
