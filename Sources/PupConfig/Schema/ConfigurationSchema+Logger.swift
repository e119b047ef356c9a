extension ConfigurationSchema {
  static let logger = SchemaObject(
    destination(decorateFilesDefault: nil, "default: as `decorate`") + [
      SchemaKey("colors", .boolean, default: "true", "Colours on the console.", otherNames: ["color", "colours"]),
      SchemaKey(
        "internalLogHours", .number(0...366), default: json(ConfigurationDefaults.internalLogHours),
        "Hours that stored logs are kept; 0 stores none."),
      SchemaKey(
        "maxBytes", .integer(4_096...count.upperBound), default: String(ConfigurationDefaults.logBytesPerProcess),
        "Stored bytes per process; the oldest go first.", otherNames: ["maxSize", "max_size"]),
      SchemaKey(
        "totalMaxBytes", .integer(4_096...count.upperBound),
        "Stored bytes of all processes together; by default 4 GiB or a tenth of the file system, whichever is less."),
    ])

  static let processLogger = SchemaObject(
    destination(decorateFilesDefault: "false", "default: false for files that the process names itself"))

  private static func destination(decorateFilesDefault: String?, _ decorateFilesNote: String) -> [SchemaKey] {
    [
      SchemaKey("console", .boolean, default: "true", "Show lines on Pup's own console."),
      SchemaKey(
        "stdout", path, "A file for the lines of stdout, and of stderr where that has no file.",
        otherNames: ["out", "output", "file"]),
      SchemaKey("stderr", path, "A file for the lines of stderr.", otherNames: ["err", "error"]),
      SchemaKey("decorate", .boolean, default: "true", "Time, severity and process in front of the lines on the console."),
      SchemaKey(
        "decorateFiles", .boolean, default: decorateFilesDefault,
        "The same in the files of `stdout` and `stderr` (\(decorateFilesNote))."),
    ]
  }
}
