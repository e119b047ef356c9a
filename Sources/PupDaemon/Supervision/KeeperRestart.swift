internal import CLinux
internal import Glibc
internal import PupConfig
internal import PupInstance

/// What a brain does about the death of its keeper. By itself it starts another one. A service manager that supervises the keeper
/// would then have lost its own child to a stranger: it starts `pup run` again and again, and each finds a Pup that runs already.
/// There the brain goes with its keeper; programs do not notice, and the `pup run` that the service manager starts next takes
/// them over.
enum KeeperRestart {
  /// Set by the files that `pup enable-service` writes, to the name of the service manager, where that starts Pup again by
  /// itself.
  static let variable = "PUP_RESTARTED_BY"

  static func isExpected(_ variables: [String: String]) -> Bool { variables[variable]?.isEmpty == false }

  /// For whoever started `pup run` by hand: that was the keeper, and Ctrl-C reaches nobody any more.
  static func wayOut(_ instance: InstanceDescription?) -> String {
    guard let instance else { return "" }
    let place = instance.absoluteConfigurationPath.map { "--config \(ShellWords.quoted($0))" }
    return " in the background, out of reach of Ctrl-C; this ends them: pup terminate "
      + (place ?? "--data-dir \(ShellWords.quoted(instance.dataDirectory))")
  }

  /// Also where this brain hangs or is stopped: the instance's lock is held as long as it lives. Dying at any instruction is
  /// safe.
  static func endWithKeeper() { _ = pup_set_parent_death_signal(SIGKILL) }
}
