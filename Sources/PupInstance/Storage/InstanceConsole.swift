internal import Glibc
package import PupSystem

/// Where a Pup in the background writes what it would say on a terminal. What programs write is in the logs as well, so the file
/// is kept small.
package enum InstanceConsole {
  /// In the data folder.
  package static let fileName = ".main.console.log"
  /// Above this it begins anew.
  private static let mostBytes: off_t = 4 << 20

  /// - Parameter isFresh: nobody writes to it; what an earlier Pup has said goes.
  package static func open(in data: OwnFolder, isFresh: Bool) throws(InstanceError) -> Descriptor {
    try InstanceError.ofFiles { () throws(OwnershipProblem) in
      try data.open(fileName, O_RDWR | O_CREAT | O_APPEND | (isFresh ? O_TRUNC : 0))
    }
  }

  /// Of the Pup that runs: keeps the file below its limit where it is this process's standard output.
  package static func limit(in data: OwnFolder) {
    var (named, own) = (stat(), stat())
    guard fstat(1, &own) == 0, own.st_mode & S_IFMT == S_IFREG, own.st_size > mostBytes,
      fstatat(data.descriptor, fileName, &named, AT_SYMLINK_NOFOLLOW) == 0, named.st_ino == own.st_ino, named.st_dev == own.st_dev
    else { return }
    // It is appended to, so nobody writes behind the new end.
    ftruncate(1, 0)
  }
}
