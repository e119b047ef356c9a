internal import Glibc
internal import PupBasics
internal import PupInstance
internal import PupSystem

/// A configuration in a folder that is reached through a link, as deployments that swing `current` from release to release have
/// it: Pup works in the folder behind the link, and stays there.
extension Location {
  /// The link on the way to the configuration; nil without one. Those that a system has at its top (`/home`, `/var/run`) stay as
  /// they are.
  var link: String? {
    guard let reachedAs else { return nil }
    var prefix = ""
    for part in PathText.parts(of: reachedAs).dropLast() {
      let parent = prefix
      prefix += "/" + part
      var info = stat()
      if parent != "", parent != "/var", lstat(prefix, &info) == 0, info.st_mode & S_IFMT == S_IFLNK { return prefix }
    }
    return nil
  }

  static let linkRecipe =
    "keep pup.json outside of the releases, with cwd: \"current\" in its processes, and run: pup restart all"

  /// For `run` and `enable-service`.
  var linkWarning: String? {
    link.map {
      "warning: \($0) is a link: Pup works in \(directory), keeps its data there, and does not notice when the link is changed; where it is swung "
        + "from release to release, \(Self.linkRecipe)"
    }
  }

  /// The link was changed since that Pup was started: a second one would start everything once more.
  func refuseSwungLink() throws(InstanceError) {
    guard link != nil, !isDataGiven else { return }
    let other = LiveInstance.all().first {
      $0.user == geteuid() && $0.description.reachedAs == reachedAs && $0.description.dataDirectory != paths.data
        && $0.seesSameFolders
    }
    guard let other, let reachedAs else { return }
    throw InstanceError(
      .unavailable,
      "Pup is already running with \(reachedAs) (pid \(other.keeper)): it works in \(other.description.directory), where the path led when it was "
        + "started. Stop it first: pup terminate --config \(ShellWord.quoted(reachedAs)). Better: \(Self.linkRecipe)")
  }
}
