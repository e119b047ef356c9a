internal import CLinux
internal import Glibc

/// Where answers go, one whole line a write.
struct Answers: Sendable {
  private let descriptor: Int32

  init(path: String) { descriptor = pup_open(path, O_RDWR | O_APPEND, 0) }

  func write(_ line: String) {
    let bytes = Array("\(line)\n".utf8)
    _ = Glibc.write(descriptor, bytes, bytes.count)
  }
}
