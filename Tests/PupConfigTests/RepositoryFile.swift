import PupConfig

/// Files of the repository, located relative to this source file.
enum RepositoryFile {
  static let root = String(#filePath.dropLast("/Tests/PupConfigTests/RepositoryFile.swift".count))

  static func text(_ path: String) throws -> String {
    String(decoding: try ConfigurationFile.read(root + "/" + path), as: UTF8.self)
  }
}
