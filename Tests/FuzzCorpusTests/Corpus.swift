import Glibc
import PupTestSupport
import Testing

/// The inputs that the fuzzers start from.
enum Corpus {
  private static func root(file: StaticString = #filePath) -> String {
    "/" + "\(file)".split(separator: "/").dropLast(3).joined(separator: "/")
  }

  private static func folder(_ target: String) -> String { "\(root())/Fuzz/\(target)" }

  /// Those that `Fuzz/seeds.py` makes, as `Fuzz/run.sh` does before it fuzzes: none for most targets.
  static func seeds(of target: String) throws -> [(name: String, bytes: [UInt8])] {
    let folder = try TemporaryFolder()
    try #require(system("'\(root())/Fuzz/seeds.py' \(target) '\(folder.path)'") == 0)
    return try folder.names.map { ($0, try #require(folder.bytes($0))) }
  }

  static func input(_ name: String, of target: String) throws -> [UInt8] { try bytes("\(folder(target))/\(name)") }

  static func inputs(of target: String) throws -> [(name: String, bytes: [UInt8])] {
    let folder = folder(target)
    guard let directory = opendir(folder) else { return [] }
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
