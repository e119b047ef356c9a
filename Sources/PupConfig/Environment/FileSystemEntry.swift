/// What exists at a path, and what this user may do with it.
package enum FileSystemEntry: Hashable, Sendable {
  case directory(isWritable: Bool)
  case file(isWritable: Bool, program: ProgramKind)
  case other
}

/// Whether and how the kernel can execute a file.
package enum ProgramKind: Hashable, Sendable {
  case notExecutable
  /// A binary, or a script that names its interpreter.
  case executable
  /// An executable text file without `#!`, which only a shell can run.
  case shellText
}
