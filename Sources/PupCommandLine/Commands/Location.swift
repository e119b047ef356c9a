internal import Glibc
internal import PupConfig
internal import PupInstance
internal import PupSystem

/// Which instance a command is about: the configuration named on the command line, or the one in the working directory.
struct Location {
  /// As given or found; nil without any.
  var configurationPath: String?
  /// The configuration's folder, absolute (the working directory without one).
  var directory: String
  var paths: StoragePaths

  static let options = [
    OptionSpecification(
      "config", "c", value: "FILE", help: "the configuration (default: pup.json or pup.jsonc in the working directory)"),
    OptionSpecification("cwd", "d", value: "DIR", help: "work in this folder"),
    OptionSpecification(
      "data-dir", value: "DIR", help: "keep logs and data here (default: .pup/<file>-data; PUP_DATA_DIR, STATE_DIRECTORY)"),
    OptionSpecification(
      "temp-dir", value: "DIR",
      help: "keep temporary files here (default: .pup/<file>-tmp; for --data-dir X-data: X-tmp where it is, else tmp in it)"),
  ]

  /// - Parameters:
  ///   - adHocName: names the folders where there is no configuration file.
  ///   - entersDirectory: `--cwd` is where the command works; false where it is the process's.
  init(
    _ arguments: ParsedArguments, adHocName: String = "pup.json", entersDirectory: Bool = true
  ) throws(InstanceError) {
    if entersDirectory, let directory = arguments.value("cwd"), chdir(directory) != 0 {
      throw InstanceError(.configuration, "--cwd \(directory): \(Self.reason())")
    }
    let here = Self.workingDirectory
    var name = adHocName
    directory = here
    if let given = arguments.value("config") {
      configurationPath = given
    } else if adHocName == "pup.json" {
      configurationPath = ConfigurationFile.discover(in: here).map { String($0.split(separator: "/").last ?? "pup.json") }
    }
    if configurationPath == nil, adHocName == "pup.json", let only = Self.onlyInstance(in: here) { name = only }
    if let path = configurationPath {
      let absolute = path.hasPrefix("/") ? path : here + "/" + path
      let slash = absolute.lastIndex(of: "/") ?? absolute.startIndex
      let folder = slash == absolute.startIndex ? "/" : String(absolute[..<slash])
      name = String(absolute[absolute.index(after: slash)...])
      // The real name: two ways to write one folder are one instance.
      directory =
        realpath(folder, nil).map { pointer in
          defer { free(pointer) }
          return String(cString: pointer)
        } ?? folder
    }
    let data = arguments.value("data-dir") ?? Self.variable("PUP_DATA_DIR") ?? Self.variable("STATE_DIRECTORY")
    paths = StoragePaths(
      name: name, directory: directory == "/" ? "" : directory,
      dataOverride: data, temporaryOverride: arguments.value("temp-dir") ?? data.flatMap(Self.temporaryBeside),
      workingDirectory: here)
  }

  /// `x-tmp` for `x-data`: where an instance keeps its temporary files unless its data were moved. Nil where there is no such folder.
  static func temporaryBeside(_ data: String) -> String? {
    var data = Substring(data)
    while data.count > 1, data.hasSuffix("/") { data.removeLast() }
    guard data.hasSuffix("-data") else { return nil }
    let beside = data.dropLast(5) + "-tmp"
    return access(String(beside), X_OK) == 0 ? String(beside) : nil
  }

  /// Where there is no configuration but one instance has run (`pup run -A -- …`), that one is meant.
  private static func onlyInstance(in directory: String) -> String? {
    let suffix = "-data"
    let found = (FolderNames.list(directory + "/.pup") ?? []).filter { $0.hasSuffix(suffix) }
    return found.count == 1 ? String(found[0].dropLast(suffix.count)) : nil
  }

  /// The configuration by a path that means the same everywhere.
  var absoluteConfigurationPath: String? {
    configurationPath.map { path in
      let name = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
      return directory == "/" ? "/" + name : "\(directory)/\(name)"
    }
  }

  /// Why the configuration cannot be a file that is read: "No such file or directory"; nil where it can, and where none is named.
  var configurationProblem: String? {
    guard let path = absoluteConfigurationPath else { return nil }
    var info = Glibc.stat()
    guard stat(path, &info) == 0 else { return Self.reason() }
    return info.st_mode & S_IFMT == S_IFDIR ? "it is a folder" : nil
  }

  /// What has to stand behind a command for this instance: " --config FILE", or nothing where it is found without.
  var option: String {
    configurationPath.map { $0 == "pup.json" || $0 == "pup.jsonc" ? "" : " --config \($0)" } ?? ""
  }

  static var workingDirectory: String {
    guard let pointer = getcwd(nil, 0) else { return "/" }
    defer { free(pointer) }
    return String(cString: pointer)
  }

  private static func variable(_ name: String) -> String? {
    // systemd separates several state directories by colons; the first is ours.
    getenv(name).map { String(cString: $0).split(separator: ":").first.map(String.init) ?? "" }.flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func reason() -> String { strerror(errno).map { String(cString: $0) } ?? "error \(errno)" }
}
