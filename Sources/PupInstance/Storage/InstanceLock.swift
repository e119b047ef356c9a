internal import CLinux
internal import Glibc
internal import PupSystem

/// One Pup per data folder: a flock shared by keeper and brain, so that it is held as long as one of them lives.
package enum InstanceLock {
  /// The locked descriptor.
  package static func acquire(_ paths: StoragePaths) throws(InstanceError) -> Int32 {
    let descriptor = pup_open(paths.lockFile, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw InstanceError(.configuration, "\(paths.lockFile): \(String(cString: pup_error_text(-descriptor)))")
    }
    guard pup_lock_exclusive(descriptor) >= 0 else {
      let holder = owner(descriptor)
      close(descriptor)
      throw InstanceError(
        .unavailable,
        "Pup is already running here\(holder.map { " (pid \($0))" } ?? ""), with its data in \(paths.data); stop it first, or choose "
          + "another folder with --data-dir")
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
