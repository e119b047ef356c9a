internal import CLinux
internal import Glibc
internal import PupBasics
package import PupSystem

/// The folders of an instance, made where they were missing, open, and found to be nobody else's.
package struct StorageFolders: Sendable {
  package var data: OwnFolder
  /// Nil unless the instance is to run.
  package var temporary: OwnFolder?
  /// Whether there was none before.
  package var madeTemporary = false

  /// - Parameters:
  ///   - forRunning: also the folder of what is there only while Pup runs.
  ///   - configuration: the folder of the configuration file: whoever may write there decides what Pup runs anyway. Nil without a
  /// file.
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
    // One in Pup's own folder is Pup's, whoever has made it.
    madeTemporary =
      made.isNew || PathText.name(of: PathText.parent(of: paths.temporary)) == StoragePaths.ownName
      || RuntimePointer.read(in: made.folder)?.madeTemporary == true
  }

  /// Of an instance that runs: what is missing is made, what is there has been looked at before.
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
      throw InstanceError(.configuration, "\(path): cannot write in this folder: \(reason); choose another with --data-dir")
    }
    return made
  }

  /// `.pup` is entered by its owner alone, as the contract says; the original leaves it open.
  private static func close(_ path: String) throws(InstanceError) {
    let folder = try InstanceError.ofFiles { () throws(OwnershipProblem) in try OwnFolder.make(path).folder }
    // It fails where root owns the folder; what is in it is checked by itself.
    _ = fchmod(folder.descriptor, 0o700)
  }

  private static func makeParents(of path: String) throws(InstanceError) {
    var prefix = ""
    for part in PathText.parts(of: path).dropLast() {
      prefix += "/" + part
      // 0700 for what is Pup's own; what exists keeps its mode.
      if mkdir(prefix, 0o700) == 0 || errno == EEXIST || errno == EISDIR { continue }
      let code = errno
      // A parent that may not be listed may still be passed.
      if access(prefix, F_OK) == 0 { continue }
      let reason = String(cString: pup_error_text(code))
      throw InstanceError(.configuration, "\(prefix): cannot make this folder: \(reason); choose another with --data-dir")
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
