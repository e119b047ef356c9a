internal import CLinux
internal import Glibc
internal import PupBasics
internal import PupSystem

/// A process's `pidFile`, which may lie in a folder where others write as well: nothing that somebody has put there is opened for
/// writing, waited for, or followed. May wait for a disk.
struct PidFile {
  let path: String

  struct Problem: Error, CustomStringConvertible {
    var description: String
  }

  /// Written beside and renamed, so that a reader sees a whole number or nothing.
  func write(_ pid: Int32) throws(Problem) {
    let folder = try openFolder(isMade: true)
    if let there = try content(in: folder), there == pid { return }
    let (file, fresh) = try makeFile(in: folder)
    do throws(SystemError) {
      let text = Array("\(pid)\n".utf8)
      let count = Glibc.write(file.number, text, text.count)
      guard count == text.count else { throw SystemError("write", errno: count < 0 ? errno : ENOSPC) }
      try folder.rename(fresh, to: name)
    } catch {
      // It is of no use to anybody; a failure says no more than the one before.
      try? folder.remove(fresh)
      throw failed("written", error)
    }
  }

  /// Of a supervisor that takes over: the one before may not have come to it. What the program has written itself stays.
  func ensure(_ pid: Int32) throws(Problem) {
    let folder = try openFolder(isMade: true)
    if let there = try content(in: folder), there == 0 || kill(there, 0) == 0 || errno != ESRCH { return }
    try write(pid)
  }

  /// Only while it holds one of these: under `overrun` it may be a later run's by now, and the program may have made it its own.
  func remove(_ pids: Set<Int32>) throws(Problem) {
    // Where its folder is gone, so is the file; where somebody leads elsewhere by now, it is not this one.
    guard access(PathText.parent(of: path), F_OK) == 0 else { return }
    let folder = try openFolder(isMade: false)
    guard let there = try content(in: folder), pids.contains(there) else { return }
    do throws(SystemError) {
      try folder.remove(name)
    } catch {
      guard error.errno == ENOENT else { throw failed("removed", error) }
    }
  }

  // MARK: - Files

  private var name: String { PathText.name(of: path) }

  private func openFolder(isMade: Bool) throws(Problem) -> GuardedFolder {
    do throws(SystemError) {
      return try GuardedFolder(of: path, make: isMade, followsLast: false)
    } catch {
      throw failed("reached", error)
    }
  }

  /// The number in the file, 0 for any other content; nil where there is none. Not blocked by what is no file, nor led elsewhere
  /// by a link.
  private func content(in folder: borrowing GuardedFolder) throws(Problem) -> Int32? {
    let file: Descriptor
    do throws(SystemError) {
      file = try folder.open(name, O_RDONLY)
    } catch {
      switch error.errno {
      case ENOENT: return nil
      // A link is not followed, a socket cannot be opened.
      case ELOOP, ENXIO: throw notAFile
      // Somebody else's, in a folder where everybody may make files.
      case EPERM: return 0
      default: throw failed("read", error)
      }
    }
    var information = stat()
    guard fstat(file.number, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { throw notAFile }
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = read(file.number, &bytes, bytes.count)
    guard count >= 0 else { throw failed("read", SystemError("read", errno: errno)) }
    let line = bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }
    return Int32(String(decoding: line, as: UTF8.self)) ?? 0
  }

  /// One of ours in any case: what has the name already is left alone, and another name is one that nobody can guess.
  private func makeFile(in folder: borrowing GuardedFolder) throws(Problem) -> (file: Descriptor, name: String) {
    // The name that no watch takes for a change; what a supervisor that was killed has left there is in the way.
    var fresh = "\(name).new"
    removeOwn(fresh, in: folder)
    var failure = SystemError("open \(fresh)", errno: EEXIST)
    for _ in 0..<16 {
      do throws(SystemError) {
        return (try folder.open(fresh, O_WRONLY | O_CREAT | O_EXCL, mode: 0o644), fresh)
      } catch {
        guard error.errno == EEXIST || error.errno == ENAMETOOLONG else { throw failed("written", error) }
        failure = error
      }
      fresh = ".pup-\(String(UInt64.random(in: 0 ... .max), radix: 36)).new"
    }
    throw failed("written", failure)
  }

  private func removeOwn(_ name: String, in folder: borrowing GuardedFolder) {
    var information = stat()
    guard let file = try? folder.open(name, O_RDONLY), fstat(file.number, &information) == 0,
      information.st_mode & S_IFMT == S_IFREG, information.st_uid == folder.maker, information.st_nlink == 1
    else { return }
    // Where it stays, another name is found.
    try? folder.remove(name)
  }

  private var notAFile: Problem {
    Problem(
      description: "\(path) is no regular file; it was left alone, and holds no pid. Remove it, or choose another `pidFile`")
  }

  private func failed(_ what: String, _ error: SystemError) -> Problem {
    Problem(description: "\(path) cannot be \(what): \(error)")
  }
}
