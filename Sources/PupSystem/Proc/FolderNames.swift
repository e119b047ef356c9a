internal import CLinux
internal import Glibc

/// The names in a folder, without "." and "..", unordered.
package enum FolderNames {
  /// Nil if the folder cannot be read.
  package static func list(_ path: String) -> [String]? {
    guard let stream = opendir(path) else { return nil }
    return names(stream)
  }

  /// Of an open folder; the descriptor stays open.
  package static func list(descriptor: Int32) -> [String]? {
    let copy = Descriptor(pup_duplicate(descriptor, 3))
    guard let stream = fdopendir(copy.number) else { return nil }
    // From here on, closedir closes it.
    _ = copy.take()
    rewinddir(stream)
    return names(stream)
  }

  private static func names(_ stream: OpaquePointer) -> [String] {
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
