internal import Glibc
internal import PupSystem

/// Where the interface's socket is if its path would be too long in both the temporary folder and the runtime folder.
extension RuntimeFiles {
  /// The longest path that fits `sockaddr_un` (unix(7)).
  package static let longestSocketPath = 107

  /// Creates a folder for it. Unlike the state of running programs, the socket may vanish with the user's session: the next
  /// supervisor re-creates it. Nil if there is no room anywhere.
  package static func makeSocketFolder(_ paths: StoragePaths) -> String? {
    let user = geteuid()
    var parents = ["/dev/shm/pup-\(user)", "/tmp/pup-\(user)"]
    if user == 0 {
      parents.insert("/run/pup", at: 0)
    } else if let session = getenv("XDG_RUNTIME_DIR") {
      parents.insert(String(cString: session) + "/pup", at: 0)
    }
    let name = hash(paths.data)
    return parents.lazy.filter { parent in
      "\(parent)/\(name)/\(InstanceFiles.socket)".utf8.count <= longestSocketPath && ensureOwnFolder(parent)
        && ensureOwnFolder("\(parent)/\(name)")
    }.first.map { "\($0)/\(name)" }
  }

  /// Where the interface's socket is, if the running Pup says that it is not next to the port file.
  package static func namedSocket(_ paths: StoragePaths) -> String? {
    guard let folder = try? OwnFolder(paths.temporary), let bytes = try? folder.content(InstanceFiles.socketPointer),
      bytes.last == 10, bytes.count > 1
    else { return nil }
    // A path may contain line breaks.
    return String(decoding: bytes.dropLast(), as: UTF8.self)
  }

  /// Removed before the temporary folder, which contains its name.
  static func removeSocketFolder(_ directory: String, _ paths: StoragePaths) {
    guard let path = namedSocket(paths), path.hasSuffix("/\(InstanceFiles.socket)") else { return }
    let folder = String(path.dropLast(InstanceFiles.socket.utf8.count + 1))
    // Only a folder made by `makeSocketFolder` has such a name.
    guard folder != directory, folder.hasSuffix("/" + hash(paths.data)), (try? OwnFolder(folder)) != nil else { return }
    unlink(path)
    rmdir(folder)
  }
}
