import Glibc
import Testing

/// `docs/client.md` shows code that is compiled: every Swift block in it is part of `examples/client`.
@Suite struct DocumentationTests {
  private func text(_ path: String, file: StaticString = #filePath) throws -> String {
    let root = "/" + "\(file)".split(separator: "/").dropLast(3).joined(separator: "/")
    let descriptor = open("\(root)/\(path)", O_RDONLY | O_CLOEXEC)
    try #require(descriptor >= 0, "\(path) is missing")
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &bytes, bytes.count)
    try #require(count > 0 && count < bytes.count)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  @Test func theCodeInTheGuideIsTheExamples() throws {
    let example =
      try text("examples/client/Sources/watch/Watch.swift") + text("examples/client/Sources/worker/Worker.swift")
    var (blocks, block): ([String], String?) = ([], nil)
    for line in try text("docs/client.md").split(separator: "\n", omittingEmptySubsequences: false) {
      if line == "```swift" {
        block = ""
      } else if line == "```", let whole = block {
        blocks.append(whole)
        block = nil
      } else if block != nil {
        block? += line + "\n"
      }
    }
    #expect(blocks.count >= 5)
    for block in blocks { #expect(example.contains(block), "\(block)") }
  }
}
