internal import CLinux
internal import Glibc
internal import PupBasics
internal import PupSystem

/// A running Pup, found by its keeper's process, whatever has happened to its folders.
package struct LiveInstance: Sendable {
  /// The main process.
  package var keeper: Int32
  /// Clock ticks after boot.
  package var startTime: UInt64
  package var user: UInt32
  package var description: InstanceDescription

  /// Those of this user; for root, those of every user. In the order in which they were started.
  package static func all() -> [LiveInstance] {
    let all = ProcFiles.programs().compactMap { LiveInstance(keeper: $0) }
    return all.sorted { ($0.startTime, $0.keeper) < ($1.startTime, $1.keeper) }
  }

  /// The one with this data folder, of this same user. (Another user's process can claim anything.)
  package static func with(data: String) -> LiveInstance? {
    all().first { $0.user == geteuid() && $0.description.dataDirectory == data && $0.seesSameFolders }
  }

  /// This same user's keeper whose instance this file names, and about which this build must not guess more than that.
  static func refused(pointer: String) -> (keeper: Int32, reason: FormatError)? {
    for pid in ProcFiles.programs() {
      guard ProcFiles.isNamed("pup-keeper", pid), ProcFiles.user(of: pid) == geteuid(), !ProcFiles.isInAnotherNamespace(pid),
        let words = ProcFiles.words(of: pid), KeeperArguments.value(.pointer, in: words) == pointer,
        let bytes = descriptionBytes(pid, words)
      else { continue }
      do throws(FormatError) {
        _ = try InstanceDescription(decoding: bytes)
      } catch {
        if error.isRefusal { return (pid, error) }
      }
    }
    return nil
  }

  private static func descriptionBytes(_ pid: Int32, _ words: [String]) -> [UInt8]? {
    KeeperArguments.value(.instance, in: words).flatMap { Int32($0) }.flatMap { content(of: "/proc/\(pid)/fd/\($0)") }
  }

  /// Nil if it is not one, or if it is another user's.
  package init?(keeper pid: Int32) {
    guard ProcFiles.isNamed("pup-keeper", pid), let user = ProcFiles.user(of: pid),
      geteuid() == 0 || user == geteuid(), let stat = ProcFiles.stat(of: pid), stat.state != UInt8(ascii: "Z")
    else { return nil }
    guard let words = ProcFiles.words(of: pid), let bytes = Self.descriptionBytes(pid, words),
      let description = try? InstanceDescription(decoding: bytes)
    else { return nil }
    keeper = pid
    startTime = stat.startTime
    self.user = user
    self.description = description
  }

  /// Of the file that the keeper has open, even if it is no longer in any folder.
  private static func content(of link: String) -> [UInt8]? {
    let file = Descriptor(pup_open(link, O_RDONLY | O_NONBLOCK, 0))
    var info = Glibc.stat()
    guard fstat(file.number, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_size < 64 << 20 else { return nil }
    return RuntimeFiles.content(of: file.number)
  }

  /// Whether its paths mean the same here as they do to it: it may be in a container.
  package var seesSameFolders: Bool {
    let folder = description.directory
    // A long path leaves no room for more in front of it.
    let root = Descriptor(pup_open_folder(AT_FDCWD, "/proc/\(keeper)/root", true))
    guard root.isOpen else { return false }
    let below = String(decoding: folder.utf8.drop { $0 == UInt8(ascii: "/") }, as: UTF8.self)
    var (here, there) = (Glibc.stat(), Glibc.stat())
    return stat(folder, &here) == 0 && fstatat(root.number, below.isEmpty ? "." : below, &there, 0) == 0
      && here.st_ino == there.st_ino
      && here.st_dev == there.st_dev
  }

  /// Whether a command of this user may act on it: another user's process can claim any folder as its own.
  package var isCredible: Bool {
    var data = Glibc.stat()
    return user == geteuid() || lstat(description.dataDirectory, &data) == 0 && data.st_uid == user
  }

  package var paths: StoragePaths {
    StoragePaths(
      name: "", directory: "", dataOverride: description.dataDirectory, temporaryOverride: description.temporaryDirectory,
      workingDirectory: "/")
  }

  /// Seconds.
  package var age: Int64 { max(0, Clock.boot / 1_000_000_000 - Int64(startTime) / Int64(sysconf(Int32(_SC_CLK_TCK)))) }
}
