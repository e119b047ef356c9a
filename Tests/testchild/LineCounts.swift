import Glibc

/// How many lines were written, in a mapped file: it outlives every kind of death, SIGKILL too.
///
/// Four 64-bit words in the machine's order: lines completely written to stdout, to stderr, and lines whose writing has begun, to
/// stdout, to stderr. A process killed within a write leaves a true number between the two.
struct LineCounts {
  private let words: UnsafeMutablePointer<UInt64>

  /// - Parameter pattern: the file's path; "%p" in it stands for the pid, so that each run of a program has a file of its own.
  init(file pattern: String) throws(Failure) {
    let file = pattern.split(separator: "%p", omittingEmptySubsequences: false).joined(separator: "\(getpid())")
    let size = 4 * MemoryLayout<UInt64>.size
    let descriptor = open(file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system("open \(file)") }
    defer { close(descriptor) }
    guard ftruncate(descriptor, size) == 0 else { throw .system("ftruncate \(file)") }
    let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    guard let memory, memory != MAP_FAILED else { throw .system("mmap \(file)") }
    words = memory.bindMemory(to: UInt64.self, capacity: 4)
  }

  func setWritten(_ lines: UInt64, _ stream: SpewStream.Kind) { words[stream == .output ? 0 : 1] = lines }
  func setBegun(_ lines: UInt64, _ stream: SpewStream.Kind) { words[stream == .output ? 2 : 3] = lines }
}
