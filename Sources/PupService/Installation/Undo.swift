internal import Glibc
internal import PupInstance

/// How to undo what an installation has written so far.
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

  /// Undoes the steps in reverse order. Returns what could not be undone.
  func perform() -> [String] {
    var left: [String] = []
    for action in actions.reversed() {
      switch action {
      case .remove(let path): if unlink(path) != 0, errno != ENOENT { left.append(path) }
      case .removeFolder(let path):
        // Service managers create their own subfolders here; this folder did not exist before.
        FolderRemoval.remove(path)
        if access(path, F_OK) == 0 { left.append(path) }
      case .restore(let file):
        do throws(InstanceError) { try ServiceInstaller.replace(file) } catch { left.append(file.path) }
      }
    }
    return left
  }
}
