internal import Glibc
internal import PupBasics
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
  /// The configuration's absolute path as it was given, links and all; nil without one.
  private(set) var reachedAs: String?
  /// The data folder was named, and so the instance.
  private(set) var isDataGiven = false

  static let options = [
    OptionSpecification(
      "config", "c", value: "FILE", help: "the configuration (default: pup.json or pup.jsonc in the working directory)"),
    OptionSpecification("cwd", "d", value: "DIR", help: "work in this folder, as if the command had been typed there"),
    OptionSpecification(
      "data-dir", value: "DIR", help: "keep logs and data here (default: .pup/<file>-data; PUP_DATA_DIR, STATE_DIRECTORY)"),
    OptionSpecification(
      "temp-dir", value: "DIR",
      help: "keep temporary files here (default: .pup/<file>-tmp; with --data-dir: tmp in it)"),
  ]

  /// - Parameters:
  ///   - adHocName: names the folders where there is no configuration file.
  ///   - entersDirectory: `--cwd` is where the command works; false where it is the process's.
  init(
    _ arguments: ParsedArguments, adHocName: String = "pup.json", entersDirectory: Bool = true
  ) throws(InstanceError) {
    if entersDirectory, let directory = arguments.value("cwd"), chdir(directory) != 0 {
      throw InstanceError(.configuration, "--cwd \(directory): \(Self.reason(errno))")
    }
    let here = Self.workingDirectory
    guard Self.isWorkingDirectoryText else {
      throw InstanceError(
        .configuration,
        "the path of the working directory, \(here), holds bytes that are not UTF-8, and Pup's paths are text; rename that folder, or work in another"
      )
    }
    guard here.utf8.count < Int(PATH_MAX) else {
      throw InstanceError(
        .configuration,
        "the path of the working directory has \(here.utf8.count) bytes; files below it cannot be named where it has more than \(PATH_MAX - 1)"
      )
    }
    var name = adHocName
    directory = here
    if let given = arguments.value("config") {
      configurationPath = given
    } else if adHocName == "pup.json" {
      configurationPath = ConfigurationFile.discover(in: here).map(PathText.name(of:))
    }
    if let path = configurationPath {
      reachedAs = PathText.isAbsolute(path) ? path : Self.namedWorkingDirectory(here) + "/" + path
      let absolute = PathText.isAbsolute(path) ? path : here + "/" + path
      let folder = PathText.parent(of: absolute)
      name = PathText.name(of: absolute)
      // The real name: two ways to write one folder are one instance.
      directory = FolderAncestry.realPath(folder) ?? folder
    }
    let data = arguments.value("data-dir") ?? Self.variable("PUP_DATA_DIR") ?? Self.variable("STATE_DIRECTORY")
    isDataGiven = data != nil
    paths = StoragePaths(
      name: name, directory: directory == "/" ? "" : directory, dataOverride: data.map(Self.real),
      temporaryOverride: arguments.value("temp-dir").map(Self.real) ?? data.flatMap { Self.temporaryBeside(Self.real($0)) },
      workingDirectory: here)
  }

  /// A path with no links in it, where that can be said: the last part may be missing.
  private static func real(_ path: String) -> String {
    var path = path
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.unicodeScalars.removeLast() }
    if let real = FolderAncestry.realPath(path) { return real }
    guard let start = PathText.start(of: path), !start.isEmpty, let folder = FolderAncestry.realPath(start) else { return path }
    return (folder == "/" ? "" : folder) + "/" + PathText.name(of: path)
  }

  /// `x-tmp` for `x-data` in a folder `.pup`: where an instance keeps its temporary files unless its data were moved. Nil for
  /// other folders.
  static func temporaryBeside(_ data: String) -> String? {
    let absolute = PathText.isAbsolute(data) ? data : workingDirectory + "/" + data
    let parts = PathText.parts(of: absolute)
    guard parts.count > 1, parts[parts.count - 2] == ".pup", absolute.hasSuffix("-data") else { return nil }
    return absolute.dropLast(5) + "-tmp"
  }

  /// The working directory by the name under which the user went there, which links may be part of.
  private static func namedWorkingDirectory(_ here: String) -> String {
    guard let name = getenv("PWD").map({ String(cString: $0) }), PathText.isAbsolute(name), FolderAncestry.realPath(name) == here
    else {
      return here
    }
    return name
  }

  /// The configuration by a path that means the same everywhere.
  var absoluteConfigurationPath: String? {
    configurationPath.map { path in
      let name = PathText.name(of: path)
      return directory == "/" ? "/" + name : "\(directory)/\(name)"
    }
  }

  /// Why the configuration cannot be a file that is read: "No such file or directory"; nil where it can, and where none is named.
  var configurationProblem: String? {
    guard let path = absoluteConfigurationPath else { return nil }
    var info = Glibc.stat()
    guard stat(path, &info) == 0 else { return Self.reason(errno) }
    return info.st_mode & S_IFMT == S_IFDIR ? "it is a folder" : nil
  }

  /// What has to stand behind a command for this instance: " --config FILE", or nothing where it is found without.
  var option: String {
    configurationPath.map { $0 == "pup.json" || $0 == "pup.jsonc" ? "" : " --config \(ShellWord.quoted($0))" } ?? ""
  }

  static var workingDirectory: String {
    guard let pointer = getcwd(nil, 0) else { return "/" }
    defer { free(pointer) }
    return String(cString: pointer)
  }

  private static var isWorkingDirectoryText: Bool {
    guard let pointer = getcwd(nil, 0) else { return true }
    defer { free(pointer) }
    return String(validatingCString: pointer) != nil
  }

  private static func variable(_ name: String) -> String? {
    // systemd separates several state directories by colons; the first is ours.
    getenv(name).map { String(cString: $0).split(separator: ":").first.map(String.init) ?? "" }.flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func reason(_ code: Int32) -> String { strerror(code).map { String(cString: $0) } ?? "error \(code)" }
}
