internal import Glibc
package import PupSystem

/// Where a Pup in the background writes what it would print to a terminal. The output of programs is in the logs as well, so the
/// file is kept small.
package enum InstanceConsole {
  /// In the data folder.
  package static let fileName = ".main.console.log"
  /// Above this size it is started over.
  private static let mostBytes: off_t = 4 << 20

  /// - Parameter isFresh: nothing writes to it, so the output of an earlier Pup is removed.
  package static func open(in data: OwnFolder, isFresh: Bool) throws(InstanceError) -> Descriptor {
    try InstanceError.ofFiles { () throws(OwnershipProblem) in
      try data.open(fileName, O_RDWR | O_CREAT | O_APPEND | (isFresh ? O_TRUNC : 0))
    }
  }

  /// For the running Pup: keeps the file below its limit if it is this process's standard output.
  package static func limit(in data: OwnFolder) {
    var (named, own) = (stat(), stat())
    guard fstat(1, &own) == 0, own.st_mode & S_IFMT == S_IFREG, own.st_size > mostBytes,
      fstatat(data.descriptor, fileName, &named, AT_SYMLINK_NOFOLLOW) == 0, named.st_ino == own.st_ino, named.st_dev == own.st_dev
    else { return }
    // It is opened for appending, so nothing writes beyond the new end.
    ftruncate(1, 0)
  }
}
