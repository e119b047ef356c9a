internal import Glibc

/// The machine that Pup runs on.
package struct SystemConfigurationEnvironment: ConfigurationEnvironment {
  package var variables: [String: String]
  private static let zoneDirectory = "/usr/share/zoneinfo/"

  package init(variables: [String: String]) { self.variables = variables }

  package func entry(at path: String) -> FileSystemEntry? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return .directory(isWritable: faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS) == 0)
    case S_IFREG:
      return .file(isWritable: faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0, program: program(at: path, mode: status.st_mode))
    default: return .other
    }
  }

  /// `access` calls nearly everything executable for root: the mode is what execve(2) goes by.
  private func program(at path: String, mode: mode_t) -> ProgramKind {
    guard mode & 0o111 != 0, faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0 else { return .notExecutable }
    // A program that may be executed but not read is left to the kernel to judge.
    guard let start = try? ConfigurationFile.firstBytes(of: path, count: 4) else { return .executable }
    return start.starts(with: [0x7F, 0x45, 0x4C, 0x46]) || start.starts(with: [0x23, 0x21]) ? .executable : .shellText
  }

  package func zoneData(named name: String?) -> [UInt8]? {
    guard let name else { return try? ConfigurationFile.read("/etc/localtime", textOnly: false) }
    // A name is a path below the zone directory and must stay there.
    guard !name.isEmpty, !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else { return nil }
    return try? ConfigurationFile.read(Self.zoneDirectory + name, textOnly: false)
  }
}
