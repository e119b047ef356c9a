internal import CLinux
internal import Glibc
internal import PupSystem

/// What the files of a running Pup say; read as they are, even those of another user.
extension LiveInstance {
  /// How many of its processes have a program that is alive.
  package var runningPrograms: Int {
    guard let words = ProcFiles.words(of: keeper), let number = KeeperArguments.value(.state, in: words).flatMap({ Int32($0) })
    else { return 0 }
    let file = Descriptor(pup_open("/proc/\(keeper)/fd/\(number)", O_RDONLY | O_NONBLOCK, 0))
    guard file.isOpen, let state = try? StateFile(descriptor: file.number) else { return 0 }
    return (0..<min(state.capacity, 1 << 20)).count { slot in
      (try? state.read(slot: slot))?.runs.contains { run in
        guard run.pid > 0, let stat = ProcFiles.stat(of: run.pid) else { return false }
        return stat.startTime == run.startTime && stat.state != UInt8(ascii: "Z")
      } ?? false
    }
  }

  /// The interface's TCP port.
  package var port: UInt16? {
    let file = Descriptor(pup_open(paths.portFile, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0))
    guard file.isOpen else { return nil }
    var text = [UInt8](repeating: 0, count: 8)
    let count = read(file.number, &text, text.count)
    return UInt16(String(decoding: text.prefix(max(0, count)), as: UTF8.self).filter { !$0.isWhitespace })
  }
}
