internal import Glibc
internal import PupInstance

/// How to take back what an installation has written so far.
struct Undo {
  private enum Action {
    case remove(String)
    case removeFolder(String)
    case restore(ServiceFile)
  }

  private var actions: [Action] = []

  var hasChanged: Bool { !actions.isEmpty }

  mutating func remove(_ path: String) { actions.append(.remove(path)) }
  mutating func removeFolder(_ path: String) { actions.append(.removeFolder(path)) }

  mutating func restore(_ file: ServiceFile, _ content: String) {
    actions.append(.restore(ServiceFile(file.path, content, isExecutable: file.isExecutable, isPrivate: file.isPrivate)))
  }

  /// The last first. Returns what could not be taken back.
  func perform() -> [String] {
    var left: [String] = []
    for action in actions.reversed() {
      switch action {
      case .remove(let path): if unlink(path) != 0, errno != ENOENT { left.append(path) }
      case .removeFolder(let path):
        // Service managers put folders of their own beside the files; this one did not exist before.
        FolderRemoval.remove(path)
        if access(path, F_OK) == 0 { left.append(path) }
      case .restore(let file):
        do throws(InstanceError) { try ServiceInstaller.replace(file) } catch { left.append(file.path) }
      }
    }
    return left
  }
}
