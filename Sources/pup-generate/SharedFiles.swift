internal import Glibc
internal import PupCommandLine
internal import PupConfig
internal import PupInstance

/// What is installed below `share` and made from definitions: manual pages, and the scripts that shells load to complete `pup`.
enum SharedFiles {
  static func write(to folder: String) -> Bool {
    let today = date()
    let pages = CommandManual.pages(date: today).map { (path: "man/man1/\($0.file)", text: $0.text) }
    let configuration = ConfigurationSchema.manual(version: PupVersion.text, date: today)
    for (path, text) in pages + [(path: "man/man5/pup.json.5", text: configuration)] + CompletionScript.installed {
      guard TextFile.write(text, to: "\(folder)/\(path)") else { return false }
    }
    return true
  }

  /// The day of the build, or the one that a reproducible build asks for.
  private static func date() -> String {
    var moment = getenv("SOURCE_DATE_EPOCH").flatMap { time_t(String(cString: $0)) } ?? time(nil)
    var parts = tm()
    gmtime_r(&moment, &parts)
    func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(parts.tm_year + 1900)-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))"
  }
}
