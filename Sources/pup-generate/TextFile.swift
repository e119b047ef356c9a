internal import Glibc

/// Writing with complaints.
enum TextFile {
  static func write(_ text: String, to path: String) -> Bool {
    guard makeFolders(above: path) else { return false }
    guard let file = fopen(path, "w") else {
      perror(path)
      return false
    }
    let isWritten = fputs(text, file) >= 0
    guard fclose(file) == 0, isWritten else {
      perror(path)
      return false
    }
    return true
  }

  /// The folders above a file.
  private static func makeFolders(above path: String) -> Bool {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/").dropLast() {
      made += "\(part)/"
      if mkdir(made, 0o755) != 0, errno != EEXIST {
        perror(made)
        return false
      }
    }
    return true
  }
}
