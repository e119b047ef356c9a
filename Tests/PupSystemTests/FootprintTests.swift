import CLinux
import PupSystem
import Testing

struct FootprintTests {
  @Test func codeAndConstantsComeBack() throws {
    let before = try #require(ProcFiles.read("/proc/self/maps"))
    Footprint.shrink()
    // Whatever runs now was forgotten: this code, the library's, and the constants that it reads.
    let after = try #require(ProcFiles.read("/proc/self/maps"))
    #expect(!before.isEmpty && !after.isEmpty)
    #expect("\(["a": 1.5, "b": 2.25].values.reduce(0, +))" == "3.75")
  }
}
