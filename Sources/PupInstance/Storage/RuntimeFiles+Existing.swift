internal import CLinux
internal import Glibc
internal import PupBasics
internal import PupSystem

/// Which shared files are an instance's own. "Not there" and "not readable by this build" are two different answers: what another
/// version has written may belong to live programs, and is neither used nor removed.
extension RuntimeFiles {
  /// The runtime directory of an instance that did not end cleanly; nil if there is none, or if it is from an earlier boot. If
  /// the temporary folder, which names it, was lost, it is searched for in its usual places.
  /// - Throws: if another version has written what would have to be read.
  package static func existingDirectory(_ paths: StoragePaths) throws(InstanceError) -> String? {
    if let named = namedDirectory(paths), hasState(named), try !isOfAnother(named, paths) { return named }
    for candidate in candidates(paths, making: false) where try holdsState(candidate, of: paths) { return candidate }
    return nil
  }

  /// What the pointer names. A running Pup looks after that file, so for one nothing else has to be read.
  package static func namedDirectory(_ paths: StoragePaths) -> String? {
    guard let pointer = (try? OwnFolder(paths.temporary)).flatMap(RuntimePointer.read(in:)), pointer.bootID == bootID else {
      return nil
    }
    return pointer.runtime
  }

  /// Every folder in which an instance's shared files may be, or may have been.
  static func possibleDirectories(_ paths: StoragePaths) -> [String] {
    let named = (try? OwnFolder(paths.temporary)).flatMap(RuntimePointer.read(in:))?.runtime
    // A folder of which it is unknown whose it is proves nothing.
    let own = named.flatMap { (try? isOfAnother($0, paths)) == false ? $0 : nil }
    return [own].compactMap { $0 } + candidates(paths, making: false)
  }

  private static func hasState(_ directory: String) -> Bool {
    guard let folder = try? OwnFolder(directory) else { return false }
    return (try? folder.open(stateName, O_RDONLY)) != nil
  }

  /// Whether the state there is from this boot, and belongs to the instance with these paths.
  private static func holdsState(_ directory: String, of paths: StoragePaths) throws(InstanceError) -> Bool {
    guard let folder = try? OwnFolder(directory), let file = try? folder.open(stateName, O_RDONLY) else { return false }
    guard let state = try? StateFile(descriptor: file.number) else { return false }
    let header: StateHeader
    do throws(FormatError) {
      header = try state.readHeader()
    } catch {
      throw .otherVersion("\(directory)/\(stateName)", error)
    }
    guard header.bootID == bootID else { return false }
    // The folder's name is derived from that of the data folder. In the temporary folder it is not: that may be a copy of another
    // instance's.
    let isNamedForIt = PathText.name(of: directory) == hash(paths.data)
    guard let description = try readDescription(in: folder) else { return isNamedForIt }
    return description.dataDirectory == paths.data
  }

  /// A copy of a project's folder names the shared files of the original, which may be running. A folder that was moved names its
  /// own: then what the files describe is no longer where it was.
  private static func isOfAnother(_ directory: String, _ paths: StoragePaths) throws(InstanceError) -> Bool {
    guard let folder = try? OwnFolder(directory), let description = try readDescription(in: folder),
      description.dataDirectory != paths.data
    else { return false }
    var (there, here) = (stat(), stat())
    guard stat(description.dataDirectory, &there) == 0 else { return false }
    return stat(paths.data, &here) != 0 || here.st_ino != there.st_ino || here.st_dev != there.st_dev
  }

  /// Nil if there is none, or if it is damaged.
  private static func readDescription(in folder: OwnFolder) throws(InstanceError) -> InstanceDescription? {
    guard let bytes = try? folder.content(descriptionName, limit: 64 << 20) else { return nil }
    do throws(FormatError) {
      return try InstanceDescription(decoding: bytes)
    } catch  where error.isRefusal {
      throw .otherVersion("\(folder.path)/\(descriptionName)", error)
    } catch {
      return nil
    }
  }

  private static let stateName = "state"
  private static let descriptionName = "instance"
}
