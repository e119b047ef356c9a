internal import Glibc

/// Serializes Pup's own edits of one configuration: held while reading, comparing and replacing.
/// It is a flock(2) on the configuration file itself, so no file has to be created beside it, a link and its target share one
/// lock, and a process that dies releases it. Replacing the file creates a new one, so after a wait the lock may be on a file
/// that is no longer there; the file now at the path is locked instead.
package struct ConfigurationLock: ~Copyable {
  private let descriptor: Int32
  private static let pauseMicroseconds: UInt32 = 10_000

  /// - Parameter patience: seconds to wait for others.
  package init(_ path: String, patience: Int = 30) throws(ConfigurationFileError) {
    var remaining = patience * 1_000_000 / Int(Self.pauseMicroseconds)
    while true {
      let descriptor = try SystemFiles.openFile(path)
      while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
        let problem = errno
        if problem == EINTR { continue }
        // Some FUSE file systems do not support locks; the comparison before the rename then has to suffice.
        guard problem == EWOULDBLOCK else { break }
        guard remaining > 0 else {
          close(descriptor)
          throw .locked(seconds: patience)
        }
        remaining -= 1
        usleep(Self.pauseMicroseconds)
      }
      if Self.isStill(descriptor, at: path) {
        self.descriptor = descriptor
        return
      }
      close(descriptor)
    }
  }

  /// Marks the end of the critical section; the lock is released in any case.
  package consuming func release() {}

  deinit {
    // A child between fork and exec holds a copy of the descriptor and
    // therefore the lock; closing alone would keep it locked until that exec.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  private static func isStill(_ descriptor: Int32, at path: String) -> Bool {
    var held = stat()
    var there = stat()
    // The next reader reports a file that has disappeared.
    guard fstat(descriptor, &held) == 0, stat(path, &there) == 0 else { return true }
    return held.st_dev == there.st_dev && held.st_ino == there.st_ino
  }
}
