extension ConfigurationSchema {
  static let logger = SchemaObject(
    destination(decorateFilesDefault: nil, "default: same as `decorate`") + [
      SchemaKey("colors", .boolean, default: "true", "Colors on the console.", otherNames: ["color", "colours"]),
      SchemaKey(
        "internalLogHours", .number(0...366), default: json(ConfigurationDefaults.internalLogHours),
        "How many hours to keep stored logs; 0 stores none."),
      SchemaKey(
        "maxBytes", .integer(4_096...count.upperBound), default: String(ConfigurationDefaults.logBytesPerProcess),
        "Maximum stored bytes per process; the oldest lines are removed first.", otherNames: ["maxSize", "max_size"]),
      SchemaKey(
        "totalMaxBytes", .integer(4_096...count.upperBound),
        "Maximum stored bytes of all processes together; by default 4 GiB or a tenth of the file system, whichever is less."),
    ])

  static let processLogger = SchemaObject(
    destination(decorateFilesDefault: "false", "default: false for files that the process itself names"))

  private static func destination(decorateFilesDefault: String?, _ decorateFilesNote: String) -> [SchemaKey] {
    [
      SchemaKey("console", .boolean, default: "true", "Show lines on Pup's own console."),
      SchemaKey(
        "stdout", path, "A file for the lines of stdout, and of stderr if that has no file of its own.",
        otherNames: ["out", "output", "file"]),
      SchemaKey("stderr", path, "A file for the lines of stderr.", otherNames: ["err", "error"]),
      SchemaKey("decorate", .boolean, default: "true", "Prefix lines on the console with time, severity and process."),
      SchemaKey(
        "decorateFiles", .boolean, default: decorateFilesDefault,
        "The same for the files in `stdout` and `stderr` (\(decorateFilesNote))."),
      SchemaKey(
        "detectSeverity", .boolean, default: "true",
        "Lines that state their own severity (`WARNING: …`, `[error]`, `level=info`, JSON) get that severity; if this is false, and for all other lines, stderr is `error` and stdout is `log`."
      ),
    ]
  }
}
