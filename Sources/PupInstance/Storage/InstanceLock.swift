internal import CLinux
internal import Glibc
internal import PupSystem

/// One Pup per data folder: a flock shared by keeper and brain, so that it is held as long as one of them lives.
package enum InstanceLock {
  /// The locked descriptor. A command that works on the files of a Pup that does not run holds the lock for a moment, and is waited for.
  /// - Parameter patience: nanoseconds.
  package static func acquire(_ paths: StoragePaths, patience: Int64 = 2_000_000_000) throws(InstanceError) -> Int32 {
    let descriptor = try open(paths)
    let deadline = Clock.monotonic + patience
    while pup_lock_exclusive(descriptor) < 0 {
      let holder = owner(descriptor)
      // Of a command the file says nothing: it names the last Pup, which is dead then.
      if holder.map({ kill($0, 0) != 0 && errno == ESRCH }) ?? true, Clock.monotonic < deadline {
        usleep(10_000)
        continue
      }
      close(descriptor)
      throw InstanceError(
        .unavailable,
        "Pup is already running here\(holder.map { " (pid \($0))" } ?? ""), with its data in \(paths.data); stop it first, or choose "
          + "another folder with --data-dir")
    }
    return descriptor
  }

  /// The locked descriptor; nil while somebody else holds the lock: a Pup that runs or starts, or another command.
  package static func acquireNow(_ paths: StoragePaths) throws(InstanceError) -> Int32? {
    let descriptor = try open(paths)
    if pup_lock_exclusive(descriptor) >= 0 { return descriptor }
    close(descriptor)
    return nil
  }

  private static func open(_ paths: StoragePaths) throws(InstanceError) -> Int32 {
    let descriptor = pup_open(paths.lockFile, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw InstanceError(.configuration, "\(paths.lockFile): \(String(cString: pup_error_text(-descriptor)))")
    }
    return descriptor
  }

  /// Who holds it: written by `pup run`, whose pid becomes the keeper's, and by a keeper that took over.
  package static func recordOwner(_ descriptor: Int32, pid: Int32 = getpid()) {
    let text = "\(pid)\n"
    guard ftruncate(descriptor, 0) == 0 else { return }
    _ = pwrite(descriptor, text, text.utf8.count, 0)
  }

  /// Nil where nobody runs.
  package static func runningPid(_ paths: StoragePaths) -> Int32? {
    let descriptor = pup_open(paths.lockFile, O_RDWR | O_NOFOLLOW, 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return pup_lock_exclusive(descriptor) >= 0 ? nil : owner(descriptor) ?? 0
  }

  private static func owner(_ descriptor: Int32) -> Int32? {
    var text = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &text, text.count, 0)
    guard count > 0 else { return nil }
    return Int32(String(decoding: text[0..<count].prefix { $0 != 10 }, as: UTF8.self))
  }
}
