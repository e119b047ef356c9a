internal import CLinux
internal import Glibc

/// The Debian package `user-mode-linux`: a kernel that runs as a program, on this machine's own root file system.
enum UserModeLinux {
  static let path = "/usr/bin/linux.uml"

  /// Tried once, by starting one that ends at once.
  static func boots() async -> Bool { await trial.value }

  private static let trial = Task<Bool, Never> {
    guard access(path, X_OK) == 0 else {
      complain("\(path) is missing; install it with: apt-get install user-mode-linux")
      return false
    }
    // Not a reason to skip: each test will say so.
    guard Repository.missingBinaries.isEmpty else { return true }
    do {
      try await Guest.run("", seconds: 20) { _ in }
      return true
    } catch {
      complain("\(error)")
      return false
    }
  }

  private static func complain(_ text: String) {
    let line = Array("tests in User-Mode-Linux are skipped: \(text)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
  }
}
