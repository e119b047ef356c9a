import Glibc
import Testing

/// The inputs of the fuzzers in the repository.
enum Corpus {
  private static func folder(_ target: String, file: StaticString = #filePath) -> String {
    let root = "\(file)".split(separator: "/").dropLast(3).joined(separator: "/")
    return "/\(root)/Fuzz/\(target)"
  }

  static func input(_ name: String, of target: String) throws -> [UInt8] { try bytes("\(folder(target))/\(name)") }

  static func inputs(of target: String) throws -> [(name: String, bytes: [UInt8])] {
    let folder = folder(target)
    let directory = try #require(opendir(folder), "\(folder) is missing")
    defer { closedir(directory) }
    var inputs: [(name: String, bytes: [UInt8])] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if !name.hasPrefix(".") { inputs.append((name, try bytes("\(folder)/\(name)"))) }
    }
    return inputs.sorted { $0.name < $1.name }
  }

  private static func bytes(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 16_384))
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
    }
  }
}
