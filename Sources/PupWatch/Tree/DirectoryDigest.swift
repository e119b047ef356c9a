/// The files of one directory that count, in 16 bytes: equal digests mean equal names, inodes, sizes and times. Valid within one
/// process only.
struct DirectoryDigest: Hashable, Sendable {
  private(set) var count = 0
  private var sum = 0

  mutating func add(_ name: [UInt8], _ identity: FileIdentity) {
    var hasher = Hasher()
    hasher.combine(name)
    hasher.combine(identity.kind)
    hasher.combine(identity.inode)
    hasher.combine(identity.size)
    hasher.combine(identity.modified)
    // A sum, so that the order in which the file system lists them does not matter.
    sum &+= hasher.finalize()
    count += 1
  }
}
