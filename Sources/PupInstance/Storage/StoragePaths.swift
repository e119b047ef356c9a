internal import CLinux
internal import Glibc
internal import PupSystem

/// Where an instance keeps its files: `.pup/<config file name>-data` and `…-tmp` beside the configuration, unless somebody moved them.
package struct StoragePaths: Hashable, Sendable {
  package var data: String
  package var temporary: String

  /// - Parameters:
  ///   - name: the configuration file's name, or a name for an instance without one.
  ///   - directory: the configuration's folder, absolute.
  ///   - dataOverride, temporaryOverride: from the command line or the environment; relative ones start in `workingDirectory`.
  package init(
    name: String, directory: String, dataOverride: String? = nil, temporaryOverride: String? = nil, workingDirectory: String
  ) {
    func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : workingDirectory + "/" + path }
    data = dataOverride.map(absolute) ?? "\(directory)/.pup/\(name)-data"
    temporary = temporaryOverride.map(absolute) ?? (dataOverride.map { absolute($0) + "/tmp" } ?? "\(directory)/.pup/\(name)-tmp")
  }

  package var logs: String { data + "/logs" }
  package var lockFile: String { data + "/.main.lock" }
  package var secretFile: String { data + "/.main.secret" }
  /// Names the runtime directory.
  package var pointerFile: String { "\(temporary)/\(InstanceFiles.pointer)" }
  package var databaseFile: String { data + "/.main.db" }
  /// The API's TCP port, decimal.
  package var portFile: String { "\(temporary)/\(InstanceFiles.port)" }
  /// The API's unix socket, where its path is short enough for one.
  package var socketFile: String { "\(temporary)/\(InstanceFiles.socket)" }
  /// Names the API's unix socket where the path beside the port file would be too long for one.
  package var socketPointerFile: String { "\(temporary)/\(InstanceFiles.socketPointer)" }

  /// Makes the folders (0700) and checks the secret.
  /// - Parameter forRunning: also the folder of what is there only while Pup runs.
  package func create(forRunning: Bool = true) throws(InstanceError) {
    for path in forRunning ? [data, temporary] : [data] { try Self.makeFolders(path) }
    var info = stat()
    if stat(secretFile, &info) == 0, info.st_mode & 0o077 != 0 {
      throw InstanceError(
        .configuration,
        "\(secretFile): others can read this secret (mode \(String(info.st_mode & 0o777, radix: 8))); run: chmod 600 \(secretFile)"
      )
    }
  }

  private static func makeFolders(_ path: String) throws(InstanceError) {
    var prefix = ""
    for part in path.split(separator: "/") {
      prefix += "/" + part
      // 0700 for what is Pup's own; what exists keeps its mode.
      if mkdir(prefix, 0o700) == 0 || errno == EEXIST || errno == EISDIR { continue }
      // A parent that may not be listed may still be passed.
      if access(prefix, F_OK) == 0 { continue }
      let reason = String(cString: pup_error_text(errno))
      throw InstanceError(.configuration, "\(prefix): cannot make this folder: \(reason); choose another with --data-dir")
    }
    guard access(path, W_OK | X_OK) == 0 else {
      let reason = String(cString: pup_error_text(errno))
      throw InstanceError(.configuration, "\(path): cannot write in this folder: \(reason); choose another with --data-dir")
    }
  }
}
