internal import CLinux
internal import Glibc
internal import PupInstance
internal import PupStore
internal import PupSystem
internal import PupTokens

/// Looks after the files by which this instance is found: somebody may remove them while it runs (`rm -rf .pup`), and then a
/// second one would be started beside it, and no command would reach it. Waits for disks, so it works on a loop where nobody
/// waits for it.
struct Caretaker: Sendable {
  let paths: StoragePaths
  /// The configuration's folder, which is never made anew: where it is gone, somebody has moved or removed it on purpose.
  let home: HomeFolder?
  /// Looked after as well; nil without one.
  var store: Store?
  let pointer: RuntimePointer
  /// The descriptor that is locked.
  var lock: Int32
  var keeper: Int32
  var secret: TokenSecret?
  /// 0 for none.
  var port: UInt16
  /// "" for none.
  var socket: String

  struct Findings: Sendable {
    /// What was made anew; and what could not be.
    var remade: [String] = []
    var problems: [String] = []
    /// A new lock, held.
    var lock: Descriptor?
    var isSocketMissing = false
  }

  func look() -> Findings {
    var findings = Findings()
    if let home, let absence = home.absence(keeper: keeper) {
      findings.problems.append(absence)
      // What is elsewhere is looked after as before.
      if home.holds(paths.data) || home.holds(paths.temporary) { return findings }
    }
    findings.isSocketMissing = !socket.isEmpty && access(socket, F_OK) != 0
    do throws(InstanceError) {
      // Cheap when all is there. It also says when one of them is somebody else's by now.
      let folders = try folders(&findings)
      // Before all that can fail: it holds what operators have decided and who is locked out.
      if findings.remade.isEmpty { store?.checkFile() } else { store?.retryNow() }
      try lookAtLock(folders.data, &findings)
      InstanceConsole.limit(in: folders.data)
      lookAtSecret(&findings)
      guard let temporary = folders.temporary else { return findings }
      write(InstanceFiles.pointer, pointer.text, in: temporary, &findings)
      if port != 0 { write(InstanceFiles.port, "\(port)\n", in: temporary, &findings) }
    } catch {
      findings.problems.append(error.message)
    }
    return findings
  }

  private func folders(_ findings: inout Findings) throws(InstanceError) -> StorageFolders {
    let missing = [paths.data, paths.temporary].filter { (path: String) in access(path, F_OK) != 0 }
    let folders = try StorageFolders(existing: paths)
    findings.remade += missing
    return folders
  }

  private func lookAtLock(_ data: OwnFolder, _ findings: inout Findings) throws(InstanceError) {
    var (held, named) = (stat(), stat())
    let name = InstanceLock.fileName
    if fstatat(data.descriptor, name, &named, AT_SYMLINK_NOFOLLOW) == 0, fstat(lock, &held) == 0, held.st_ino == named.st_ino,
      held.st_dev == named.st_dev
    {
      InstanceLock.recordOwner(lock, unlessNamed: keeper)
      return
    }
    guard let fresh = try InstanceLock.acquireNow(paths) else {
      findings.problems.append("\(paths.lockFile) was removed, and somebody else has locked a new one")
      return
    }
    InstanceLock.recordOwner(fresh.number, pid: keeper)
    findings.lock = fresh
    findings.remade.append(paths.lockFile)
  }

  private func lookAtSecret(_ findings: inout Findings) {
    guard let secret else { return }
    do throws(TokenSecretError) {
      if try TokenSecret.read(path: paths.secretFile) != nil { return }
      try secret.write(path: paths.secretFile)
      findings.remade.append(paths.secretFile)
    } catch {
      findings.problems.append("\(error)")
    }
  }

  private func write(_ name: String, _ text: String, in folder: OwnFolder, _ findings: inout Findings) {
    guard faccessat(folder.descriptor, name, F_OK, AT_SYMLINK_NOFOLLOW) != 0 else { return }
    do throws(OwnershipProblem) {
      try folder.save(name, Array(text.utf8))
      findings.remade.append("\(folder.path)/\(name)")
    } catch {
      findings.problems.append(error.description)
    }
  }
}
