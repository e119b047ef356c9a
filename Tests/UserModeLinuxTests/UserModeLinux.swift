import Glibc

/// The Debian package `user-mode-linux`: a kernel that runs as a program, on this machine's own root file system.
enum UserModeLinux {
  static let path = "/usr/bin/linux.uml"
  static var isInstalled: Bool { access(path, X_OK) == 0 }
}
