/// Options of the original's `upgrade` and `setup`, which download a version. Here they get an answer instead of "unknown
/// option".
enum DownloadOptions {
  static let all = [
    ("version", "VERSION"), ("channel", "NAME"), ("local", nil), ("setup", nil), ("upgrade", nil), ("all-permissions", nil),
  ]
  .map { name, value in
    var option = OptionSpecification(name, value: value, help: "")
    option.isHidden = true
    return option
  }

  static func refuse(_ arguments: ParsedArguments) throws(UsageError) {
    guard let option = all.first(where: { arguments.has($0.name) }) else { return }
    throw UsageError(
      message: "--\(option.name): nothing is downloaded here; install the version that you want (make install in its source), "
        + "then hand over to it with: pup upgrade")
  }
}
