internal import Glibc

/// Where the things under test are, by their real names: a host file system cannot be mounted from a symbolic link.
enum Repository {
  /// From Tests/UserModeLinuxTests/Support/Repository.swift.
  static let root = "/" + real(#filePath).split(separator: "/").dropLast(4).joined(separator: "/")
  static let binaries = real(getenv("PUP_BIN").map { String(cString: $0) } ?? "\(root)/.build/release")
  static let tools = "\(root)/scripts/uml"

  static var missingBinaries: [String] {
    ["pup", "pup-supervisor", "pup-keeper", "pup-init", "testchild"].map { "\(binaries)/\($0)" }.filter { access($0, X_OK) != 0 }
  }

  private static func real(_ path: String) -> String {
    guard let pointer = realpath(path, nil) else { return path }
    defer { free(pointer) }
    return String(cString: pointer)
  }
}
