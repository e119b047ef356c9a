internal import Glibc
internal import PupBasics
internal import PupSystem

/// Where an instance keeps its files: `.pup/<config file name>-data` and `…-tmp` next to the configuration, unless they are
/// configured elsewhere.
package struct StoragePaths: Hashable, Sendable {
  package var data: String
  package var temporary: String

  /// - Parameters:
  ///   - name: the configuration file's name, or a name for an instance without one.
  ///   - directory: the configuration's folder, absolute.
  ///   - dataOverride, temporaryOverride: from the command line or the environment; relative ones are resolved against
  ///     `workingDirectory`.
  package init(
    name: String, directory: String, dataOverride: String? = nil, temporaryOverride: String? = nil, workingDirectory: String
  ) {
    func absolute(_ path: String) -> String { PathText.isAbsolute(path) ? path : workingDirectory + "/" + path }
    data = dataOverride.map(absolute) ?? "\(directory)/.pup/\(name)-data"
    temporary = temporaryOverride.map(absolute) ?? (dataOverride.map { absolute($0) + "/tmp" } ?? "\(directory)/.pup/\(name)-tmp")
  }

  package var logs: String { data + "/logs" }
  package var lockFile: String { data + "/.main.lock" }
  package var secretFile: String { data + "/.main.secret" }
  /// Names the runtime directory.
  package var pointerFile: String { "\(temporary)/\(InstanceFiles.pointer)" }
  package var databaseFile: String { data + "/.main.store.db" }
  /// The API's TCP port, decimal.
  package var portFile: String { "\(temporary)/\(InstanceFiles.port)" }
  /// The API's unix socket, if its path is short enough.
  package var socketFile: String { "\(temporary)/\(InstanceFiles.socket)" }
  /// Names the API's unix socket if its path next to the port file would be too long.
  package var socketPointerFile: String { "\(temporary)/\(InstanceFiles.socketPointer)" }

  /// Pup's own folder next to the configuration; nil if the data folder is elsewhere.
  var ownParent: String? {
    let parent = PathText.parent(of: data)
    return PathText.name(of: parent) == Self.ownName ? parent : nil
  }

  /// The data folder and Pup's own folders above it; outermost first.
  package var ownFolders: [String] { [ownParent, data].compactMap(\.self) }

  static let ownName = ".pup"

  /// Refuses folders in which the paths of Pup's files would be too long. The kernel takes paths of 4095 bytes; the longest name
  /// in the data folder is that of a log segment, `/logs/<process>/<number>-<time>.log`.
  /// - Parameter processes: the ids of the processes whose logs are kept here, besides Pup's own.
  package func checkLength(processes: [String] = []) throws(InstanceError) {
    let longestID = processes.map(\.utf8.count).max() ?? 0
    let longest = Int(PATH_MAX) - 1 - "/logs/".utf8.count - max(longestID, "core".utf8.count) - "/".utf8.count - 46
    for (folder, option) in [(data, "--data-dir"), (temporary, "--temp-dir")] where folder.utf8.count > longest {
      throw InstanceError(
        .configuration,
        "\(folder): the path has \(folder.utf8.count) bytes; with more than \(longest) there is no room for the names of Pup's files "
          + "in it; choose a folder with a shorter path: \(option) DIR")
    }
  }
}
