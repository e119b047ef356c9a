internal import Glibc
internal import PupBasics
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem

/// What a Pup that was killed has left, looked at as a supervisor will read it. Where that would have to refuse it, nothing is
/// started or changed: the supervisor would only end, and the files would name this version's configuration.
enum LeftFiles {
  static func check(_ paths: StoragePaths) throws(InstanceError) {
    guard let directory = try RuntimeFiles.existingDirectory(paths), let folder = try? OwnFolder(directory) else { return }
    try check("state", in: folder, records)
    try check("streams", in: folder) { descriptor throws in try StreamLedger.checkVersion(of: descriptor) }
    try check("sinks", in: folder) { descriptor throws in try SinkLedger.checkVersion(of: descriptor) }
  }

  /// A file that is not there is made anew.
  private static func check(_ name: String, in folder: OwnFolder, _ read: (Int32) throws -> Void) throws(InstanceError) {
    guard let file = try? folder.open(name, O_RDONLY) else { return }
    do {
      try read(file.number)
    } catch {
      // Whatever else is wrong with it is reported where it is used.
      guard (error as? FormatError)?.isRefusal ?? (error as? SystemError)?.isRefusal ?? false else { return }
      throw InstanceError.otherVersion("\(folder.path)/\(name)", error)
    }
  }

  private static func records(_ descriptor: Int32) throws {
    let state = try StateFile(descriptor: descriptor)
    guard try state.readHeader().begun else { return }
    for slot in 0..<state.capacity {
      guard let content = try state.read(slot: slot) else { continue }
      do throws(FormatError) {
        _ = try ProcessRecord(decoding: content.record)
      } catch  where error.isRefusal {
        throw error
      } catch {
        // A damaged record is left behind, as the supervisor does.
        continue
      }
    }
  }
}
