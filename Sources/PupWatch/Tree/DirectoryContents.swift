internal import CLinux
internal import Glibc
internal import PupSystem

/// One directory, read once: its subdirectories, and the state of the files in it that count.
struct DirectoryContents {
  private(set) var directories: [[UInt8]] = []
  private(set) var digest = DirectoryDigest()
  /// The file that counts and was modified last: the likeliest cause of a changed digest.
  private(set) var newest: [UInt8]?
  private var newestTime = Int64.min

  /// - Parameters:
  ///   - counts: whether a file of this name counts.
  ///   - looksInto: whether a directory of this name is listed in `directories`.
  init(
    of path: RawPath, follow: Bool, counts: ([UInt8]) -> Bool, looksInto: ([UInt8]) -> Bool
  ) throws(WatchProblem) {
    let number = path.withCString { pup_open($0, O_RDONLY | O_DIRECTORY | (follow ? 0 : O_NOFOLLOW), 0) }
    guard number >= 0 else { throw WatchProblem(openErrno: -number) }
    let folder = Descriptor(number)
    guard let stream = fdopendir(folder.number) else { throw WatchProblem(openErrno: errno) }
    // From here on, closedir closes it.
    let descriptor = folder.take()
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if name == [UInt8(ascii: ".")] || name == [UInt8(ascii: "."), UInt8(ascii: ".")] { continue }
      add(name, type: Int32(entry.pointee.d_type), in: descriptor, counts, looksInto)
    }
  }

  private mutating func add(
    _ name: [UInt8], type: Int32, in directory: Int32, _ counts: ([UInt8]) -> Bool, _ looksInto: ([UInt8]) -> Bool
  ) {
    switch type {
    case Int32(DT_DIR): if looksInto(name) { directories.append(name) }
    case Int32(DT_REG), Int32(DT_LNK), Int32(DT_UNKNOWN):
      guard type == Int32(DT_UNKNOWN) || counts(name) else { return }
      guard let identity = RawPath(bytes: name).withCString({ FileIdentity(in: directory, name: $0) }) else { return }
      addUntyped(name, identity, isKnownToCount: type != Int32(DT_UNKNOWN), counts, looksInto)
    default: return
    }
  }

  private mutating func addUntyped(
    _ name: [UInt8], _ identity: FileIdentity, isKnownToCount: Bool, _ counts: ([UInt8]) -> Bool, _ looksInto: ([UInt8]) -> Bool
  ) {
    switch identity.kind {
    case .directory: if looksInto(name) { directories.append(name) }
    case .file, .link:
      guard isKnownToCount || counts(name) else { return }
      digest.add(name, identity)
      if identity.modified >= newestTime { (newest, newestTime) = (name, identity.modified) }
    case .other: return
    }
  }
}
