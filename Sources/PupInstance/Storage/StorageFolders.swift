internal import CLinux
internal import Glibc
internal import PupBasics
package import PupSystem

/// The folders of an instance: created if missing, open, and verified to be nobody else's.
package struct StorageFolders: Sendable {
  package var data: OwnFolder
  /// Nil unless the instance is to run.
  package var temporary: OwnFolder?
  /// Whether it did not exist before.
  package var madeTemporary = false

  /// - Parameters:
  ///   - forRunning: also the folder for what exists only while Pup runs.
  ///   - configuration: the folder of the configuration file: users who may write there decide what Pup runs anyway. Nil without
  ///     a file.
  package init(_ paths: StoragePaths, forRunning: Bool = true, configuration: String? = nil) throws(InstanceError) {
    try paths.checkLength()
    for path in forRunning ? [paths.data, paths.temporary] : [paths.data] {
      try Self.makeParents(of: path)
      try InstanceError.ofFiles { () throws(OwnershipProblem) in try FolderAncestry.check(path, configuration: configuration) }
    }
    if let parent = paths.ownParent { try Self.close(parent) }
    data = try Self.make(paths.data).folder
    try Self.checkLogs(paths)
    try checkSecret(paths)
    guard forRunning else { return }
    let made = try Self.make(paths.temporary)
    temporary = made.folder
    // One in Pup's own folder is Pup's, no matter who created it.
    madeTemporary =
      made.isNew || PathText.name(of: PathText.parent(of: paths.temporary)) == StoragePaths.ownName
      || RuntimePointer.read(in: made.folder)?.madeTemporary == true
  }

  /// For a running instance: what is missing is created, what exists has been checked before.
  package init(existing paths: StoragePaths) throws(InstanceError) {
    for path in [paths.data, paths.temporary] where access(path, F_OK) != 0 { try Self.makeParents(of: path) }
    data = try Self.make(paths.data).folder
    let made = try Self.make(paths.temporary)
    (temporary, madeTemporary) = (made.folder, made.isNew)
  }

  private static func make(_ path: String) throws(InstanceError) -> (folder: OwnFolder, isNew: Bool) {
    let made = try InstanceError.ofFiles { () throws(OwnershipProblem) in try OwnFolder.make(path) }
    guard faccessat(made.folder.descriptor, ".", W_OK | X_OK, 0) == 0 else {
      let reason = String(cString: pup_error_text(errno))
      throw InstanceError(.configuration, "\(path): cannot write to this folder: \(reason); choose another with --data-dir")
    }
    return made
  }

  /// Only its owner may enter `.pup`, as the contract says; the original leaves it open.
  private static func close(_ path: String) throws(InstanceError) {
    let folder = try InstanceError.ofFiles { () throws(OwnershipProblem) in try OwnFolder.make(path).folder }
    // It fails if root owns the folder; its content is checked separately.
    _ = fchmod(folder.descriptor, 0o700)
  }

  private static func makeParents(of path: String) throws(InstanceError) {
    var prefix = ""
    for part in PathText.parts(of: path).dropLast() {
      prefix += "/" + part
      // 0700 for Pup's own folders; existing ones keep their mode.
      if mkdir(prefix, 0o700) == 0 || errno == EEXIST || errno == EISDIR { continue }
      let code = errno
      // A parent that may not be listed may still be traversed.
      if access(prefix, F_OK) == 0 { continue }
      let reason = String(cString: pup_error_text(code))
      throw InstanceError(.configuration, "\(prefix): cannot create this folder: \(reason); choose another with --data-dir")
    }
  }

  private static func checkLogs(_ paths: StoragePaths) throws(InstanceError) {
    do throws(OwnershipProblem) {
      _ = try OwnFolder(paths.logs)
    } catch  where error.kind != .missing {
      throw InstanceError(error)
    } catch {}
  }

  private func checkSecret(_ paths: StoragePaths) throws(InstanceError) {
    do throws(OwnershipProblem) {
      _ = try data.openSecret(PathText.name(of: paths.secretFile))
    } catch  where error.kind != .missing {
      throw InstanceError(error)
    } catch {}
  }
}
