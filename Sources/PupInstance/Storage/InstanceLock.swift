internal import CLinux
internal import Glibc
package import PupSystem

/// One Pup per data folder: a flock shared by keeper and brain, so that it is held as long as one of them is alive.
package enum InstanceLock {
  /// The lock, held until it is closed. A command that works on the files of a stopped Pup holds the lock briefly, so this waits
  /// for it.
  /// - Parameter patience: nanoseconds.
  package static func acquire(_ paths: StoragePaths, patience: Int64 = 2_000_000_000) throws(InstanceError) -> Descriptor {
    let lock = try open(paths)
    let deadline = Clock.monotonic + patience
    while pup_lock_exclusive(lock.number) < 0 {
      // The file says nothing about a command: it names the last Pup, which is dead then.
      let holder = owner(lock.number).flatMap { kill($0, 0) != 0 && errno == ESRCH ? nil : $0 }
      if holder == nil, Clock.monotonic < deadline {
        usleep(10_000)
        continue
      }
      guard let named = holder ?? LiveInstance.with(data: paths.data)?.keeper else {
        // A supervisor that is about to end after its keeper but waits for a disk (a service manager retries), or a Pup in
        // another container.
        throw InstanceError(
          .busy,
          "\(paths.lockFile) is locked by a process that is not visible here or is about to end; try again in a moment, or choose another folder with "
            + "--data-dir (two containers must not share one)")
      }
      throw InstanceError(
        .unavailable,
        "Pup is already running here (pid \(named)), with its data in \(paths.data); stop it first, or choose another folder with --data-dir"
      )
    }
    return lock
  }

  /// The same without waiting; nil while the lock is held by a Pup that is running or starting, or by another command.
  package static func acquireNow(_ paths: StoragePaths) throws(InstanceError) -> Descriptor? {
    let lock = try open(paths)
    return pup_lock_exclusive(lock.number) >= 0 ? lock : nil
  }

  private static func open(_ paths: StoragePaths) throws(InstanceError) -> Descriptor {
    try InstanceError.ofFiles { () throws(OwnershipProblem) in
      try OwnFolder(paths.data).open(fileName, O_RDWR | O_CREAT)
    }
  }

  /// Records the holder: written by `pup run`, whose pid becomes the keeper's, and by a keeper that took over.
  package static func recordOwner(_ descriptor: Int32, pid: Int32 = getpid()) {
    let text = "\(pid)\n"
    // The lock counts, not the text: if a full disk leaves the file empty, /proc identifies the holder.
    guard ftruncate(descriptor, 0) == 0 else { return }
    _ = pwrite(descriptor, text, text.utf8.count, 0)
  }

  /// Only if the file names another process, or none: it may have been emptied.
  package static func recordOwner(_ descriptor: Int32, unlessNamed pid: Int32) {
    if owner(descriptor) != pid { recordOwner(descriptor, pid: pid) }
  }

  /// In the data folder.
  package static let fileName = ".main.lock"

  /// A clean end: nothing is left for a later Pup to look for.
  package static func forgetOwner(_ descriptor: Int32) { InstanceLockFile.writeEnded(descriptor) }

  /// What the file says about the previous Pup.
  enum LastOwner: Hashable {
    case ended
    /// It was killed, or the machine went down.
    case died
    /// The file is new, or was lost, or emptied.
    case unknown
  }

  static func lastOwner(_ descriptor: Int32) -> LastOwner {
    if owner(descriptor) != nil { return .died }
    return InstanceLockFile.saysEnded(descriptor) ? .ended : .unknown
  }

  /// Throws if a Pup is running whose lock file was removed, which would otherwise go unnoticed.
  static func refuseLiving(_ paths: StoragePaths) throws(InstanceError) {
    guard let live = LiveInstance.with(data: paths.data) else {
      guard let other = LiveInstance.refused(pointer: paths.pointerFile) else { return }
      throw InstanceError.otherVersion("the Pup that runs here (pid \(other.keeper))", other.reason)
    }
    throw InstanceError(
      .unavailable,
      "Pup is already running here (pid \(live.keeper)), with its data in \(paths.data); its lock file was removed and is being re-created. Stop it "
        + "first: kill \(live.keeper)")
  }

  /// Who holds the lock: a Pup that is running or starting, or a command that works on the files of a stopped one.
  package enum Holder: Hashable, Sendable {
    case pup(Int32)
    /// The file does not say.
    case unnamed
  }

  /// Nil if nobody holds it.
  package static func holder(_ paths: StoragePaths) -> Holder? {
    guard let folder = try? OwnFolder(paths.data), let file = try? folder.open(fileName, O_RDWR) else { return nil }
    if pup_lock_exclusive(file.number) >= 0 { return nil }
    return owner(file.number).map { .pup($0) } ?? .unnamed
  }

  /// Nil if no Pup is running. An empty file is no proof of that: its Pup may just be starting, or the file may have been
  /// emptied.
  package static func runningPid(_ paths: StoragePaths, patience: Int64 = 1_000_000_000) -> Int32? {
    let deadline = Clock.monotonic + patience
    while let holder = holder(paths) {
      if case .pup(let pid) = holder { return pid }
      if let live = LiveInstance.with(data: paths.data) { return live.keeper }
      guard Clock.monotonic < deadline else { return nil }
      usleep(10_000)
    }
    // The file may have been removed.
    return LiveInstance.with(data: paths.data)?.keeper
  }

  private static func owner(_ descriptor: Int32) -> Int32? {
    var text = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &text, text.count, 0)
    guard count > 0, let pid = Int32(String(decoding: text[0..<count].prefix { $0 != 10 }, as: UTF8.self)), pid > 0 else {
      return nil
    }
    return pid
  }
}
