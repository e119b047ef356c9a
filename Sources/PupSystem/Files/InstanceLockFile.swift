internal import Glibc

/// What the lock file says: the pid of the main process, or that the last one ended cleanly.
package enum InstanceLockFile {
  private static let ended = "ended\n"

  package static func writeEnded(_ descriptor: Int32) {
    // If a full disk leaves it as it was, or empty, the next Pup looks for survivors and finds none.
    guard ftruncate(descriptor, 0) == 0 else { return }
    _ = pwrite(descriptor, ended, ended.utf8.count, 0)
  }

  package static func saysEnded(_ descriptor: Int32) -> Bool {
    var text = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &text, text.count, 0)
    // Lines after the first one are from later builds.
    return count > 0 && text[0..<count].starts(with: ended.utf8)
  }
}
