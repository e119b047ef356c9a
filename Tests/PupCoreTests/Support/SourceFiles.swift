import Glibc

/// The project's own sources and pages, for tests that compare them.
enum SourceFiles {
  /// The names of the modules that contain Swift.
  static var modules: Set<String> {
    let names = entries(of: root + "/Sources")
    return Set(names.filter { !swift(of: $0).isEmpty })
  }

  /// The imports of a module's files, without the standard library.
  static func imports(of module: String) -> Set<String> {
    var found: Set<String> = []
    for file in swift(of: module) {
      for line in (text(of: file) ?? "").split(separator: "\n") {
        let words = line.split(separator: " ")
        guard let index = words.firstIndex(of: "import"), index + 1 < words.count,
          words[..<index].allSatisfy({ $0.hasPrefix("@") || ["internal", "package", "public"].contains($0) })
        else { continue }
        found.insert(String(words[index + 1]))
      }
    }
    return found
  }

  static func page(_ name: String) -> String? { text(of: "\(root)/docs/\(name)") }

  private static var root: String { #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 } }

  private static func swift(of module: String) -> [String] { swiftFiles(under: root + "/Sources/" + module) }

  private static func swiftFiles(under folder: String) -> [String] {
    entries(of: folder).flatMap { name in
      name.hasSuffix(".swift") ? [folder + "/" + name] : swiftFiles(under: folder + "/" + name)
    }
  }

  private static func entries(of folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }

  private static func text(of file: String) -> String? {
    guard let stream = fopen(file, "r") else { return nil }
    defer { fclose(stream) }
    var bytes: [UInt8] = []
    while true {
      let byte = getc(stream)
      guard byte != EOF else { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(UInt8(truncatingIfNeeded: byte))
    }
  }
}
