internal import CLinux
internal import Glibc
internal import PupConfig
internal import PupInstance
internal import PupSystem

/// Finding the instance that a command is about: what lives counts, and only then which folders there are.
extension Location {
  /// For commands about an instance that runs or has run. Root gets the rights of the user whose it is.
  static func ofInstance(_ arguments: ParsedArguments) throws(InstanceError) -> Location {
    let location = try Location(arguments).living(isNamed: arguments.value("config") != nil)
    try OwnerRights.take(for: location.paths)
    return location
  }

  private func living(isNamed: Bool) throws(InstanceError) -> Location {
    // Named folders, or a Pup that has its usual ones: nothing has to be looked for.
    if isDataGiven || Self.isHeld(paths.lockFile) { return self }
    let here = LiveInstance.all().filter { $0.seesSameFolders && $0.isCredible }
    let ofConfiguration = here.filter { live in
      guard let path = live.description.absoluteConfigurationPath else { return false }
      return path == absoluteConfigurationPath || reachedAs != nil && live.description.reachedAs == reachedAs
    }
    if let found = try only(of: ofConfiguration) { return found }
    if !isNamed, let found = try only(of: here.filter { $0.description.directory == directory }) { return found }
    return isNamed || configurationPath != nil ? self : try lastOne()
  }

  private func only(of live: [LiveInstance]) throws(InstanceError) -> Location? {
    guard live.count > 1 else { return live.first.map(of) }
    let choices = live.map {
      "\n  --data-dir \(ShellWord.quoted($0.description.dataDirectory))   (pid \($0.keeper), \(Self.words($0)))"
    }
    throw InstanceError(.usage, "more than one Pup runs here; say which one is meant:\(choices.joined())")
  }

  private func of(_ live: LiveInstance) -> Location {
    var location = self
    location.paths = live.paths
    location.directory = live.description.directory
    location.configurationPath =
      live.description.absoluteConfigurationPath == absoluteConfigurationPath
      ? configurationPath : live.description.absoluteConfigurationPath
    return location
  }

  private static func words(_ live: LiveInstance) -> String {
    live.description.absoluteConfigurationPath ?? "a command without a file"
  }

  /// Nothing lives and there is no configuration: the one that has run here (`pup run -A -- …`) is meant.
  private func lastOne() throws(InstanceError) -> Location {
    let suffix = "-data"
    let names = (FolderNames.list(directory + "/.pup") ?? []).filter { $0.hasSuffix(suffix) }.sorted()
    guard let only = names.first else { return self }
    guard names.count == 1 else {
      let choices = names.map { "\n  --data-dir \(ShellWord.quoted(".pup/\($0)"))" }
      throw InstanceError(
        .unavailable, "nothing runs here, and more than one Pup has run here; say which one is meant:\(choices.joined())")
    }
    var location = self
    location.paths = StoragePaths(
      name: String(only.dropLast(suffix.count)), directory: directory == "/" ? "" : directory, workingDirectory: directory)
    return location
  }

  /// Whether somebody has the lock, whosever it is: only then the folder is worth a look.
  private static func isHeld(_ lockFile: String) -> Bool {
    let file = Descriptor(pup_open(lockFile, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0))
    return file.isOpen && pup_lock_exclusive(file.number) < 0
  }
}
