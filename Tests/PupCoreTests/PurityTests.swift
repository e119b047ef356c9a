import Glibc
import Testing

/// The core touches nothing: what it may import says so.
@Suite struct PurityTests {
  @Test(arguments: ["PupCore", "PupSimulation"])
  func onlyTheStandardLibraryIsImported(module: String) throws {
    let allowed: Set<String> = module == "PupCore" ? [] : ["PupCore"]
    let files = Self.swiftFiles(under: Self.root + "/Sources/" + module)
    #expect(files.count > 5)
    for file in files {
      for line in try #require(Self.text(of: file)).split(separator: "\n") {
        let words = line.split(separator: " ")
        guard let index = words.firstIndex(of: "import"),
          words[..<index].allSatisfy({ ["internal", "package", "public"].contains($0) })
        else { continue }
        #expect(allowed.contains(String(words[index + 1])), "\(file): \(line)")
      }
    }
  }

  private static var root: String { #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } }

  private static func swiftFiles(under folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var files: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name.hasSuffix(".swift") {
        files.append(folder + "/" + name)
      } else if !name.hasPrefix(".") {
        files += swiftFiles(under: folder + "/" + name)
      }
    }
    return files
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
