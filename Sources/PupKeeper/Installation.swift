internal import CLinux
internal import Glibc
internal import PupSystem

/// What this keeper was started with. An upgrade puts other executables into it.
final class Installation {
  var arguments: KeeperArguments

  init(_ arguments: KeeperArguments) { self.arguments = arguments }

  /// The instance's, where the file lies that names the runtime folder.
  var temporaryFolder: String? {
    arguments.pointer.lastIndex(of: "/").map { String(arguments.pointer[..<$0]) }
  }

  // MARK: Notes for commands, which find no supervisor that could tell them

  func leaveNote(_ text: String, _ name: String) {
    guard !arguments.runtime.isEmpty else { return }
    let file = Descriptor(pup_open("\(arguments.runtime)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600))
    guard file.isOpen else { return }
    let line = text + "\n"
    // It is on standard error already.
    _ = write(file.number, line, line.utf8.count)
  }

  /// It fails where there is none.
  func removeNote(_ name: String) {
    if !arguments.runtime.isEmpty { unlink("\(arguments.runtime)/\(name)") }
  }
}
