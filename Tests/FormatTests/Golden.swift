import Glibc
import PupSystem
import PupTestSupport
import Testing

/// Bytes as released versions wrote them, as hexadecimal text beside the tests: a folder for each release in which the format has
/// changed. `PUP_WRITE_GOLDEN=1` writes those of the newest folder that are not there yet; one that is there is never written
/// again, since what is out cannot be called back: a change of a format adds a folder for its release.
struct Golden {
  let name: String
  private let root: String

  init(name: String, root: String = Self.folder) { (self.name, self.root) = (name, root) }

  private static let folder = #filePath.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/Golden"

  private static var writes: Bool { getenv("PUP_WRITE_GOLDEN") != nil }

  private func path(_ release: String) -> String { "\(root)/\(release)/\(name).hex" }

  /// The oldest first.
  static func releases(in root: String = Self.folder) throws -> [String] {
    guard let names = FolderNames.list(root) else { throw Failure("open \(root)", code: errno) }
    let releases = names.map { ($0, $0.split(separator: ".").compactMap { Int($0) }) }.filter { $0.1.count == 3 }
    return releases.sorted { $0.1.lexicographicallyPrecedes($1.1) }.map(\.0)
  }

  /// What is in the file of each release. Today's writer has to give the same as the newest of them.
  func check(_ today: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) throws -> [[UInt8]] {
    let releases = try Self.releases(in: root)
    var having = releases.filter { access(path($0), F_OK) == 0 }
    var all = try having.map { try read(path($0)) }
    if Self.writes, root == Self.folder, let release = releases.last, having.last != release, all.last != today {
      try write(today, to: path(release))
      having.append(release)
      all.append(today)
    }
    guard let newest = having.last else { throw Failure("no file \(name).hex in \(root)") }
    #expect(
      today == all.last, "\(name): this build writes other bytes than \(newest) did: \(Self.text(of: today))",
      sourceLocation: sourceLocation)
    return all
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let text = Self.text(of: bytes)
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw Failure("open \(path)", code: errno) }
    defer { close(file) }
    guard Glibc.write(file, text, text.utf8.count) == text.utf8.count else { throw Failure("write \(path)", code: errno) }
  }

  private func read(_ path: String) throws -> [UInt8] {
    guard let stream = fopen(path, "re") else { throw Failure("open \(path)", code: errno) }
    defer { fclose(stream) }
    var digits: [UInt8] = []
    while true {
      let character = getc(stream)
      guard character != EOF else { break }
      guard let value = Character(Unicode.Scalar(UInt8(truncatingIfNeeded: character))).hexDigitValue else { continue }
      digits.append(UInt8(value))
    }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  /// 32 bytes a line.
  private static func text(of bytes: [UInt8]) -> String {
    var text = ""
    for (place, byte) in bytes.enumerated() {
      text += (byte < 16 ? "0" : "") + String(byte, radix: 16) + (place % 32 == 31 ? "\n" : "")
    }
    return text.hasSuffix("\n") || text.isEmpty ? text : text + "\n"
  }
}
