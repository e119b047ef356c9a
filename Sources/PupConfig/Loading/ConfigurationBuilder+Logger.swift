extension ConfigurationBuilder {
  /// The top level's `logger`.
  mutating func readLogger(_ reader: ObjectReader) {
    var logger = LoggerConfiguration()
    var log = logger.destination
    log.console = reader.boolean("console") ?? log.console
    log.colors = reader.boolean("colors") ?? log.colors
    log.decorate = reader.boolean("decorate") ?? log.decorate
    log.decorateFiles = reader.boolean("decorateFiles") ?? log.decorate
    log.stdout = outputFile("stdout", reader)
    log.stderr = outputFile("stderr", reader)
    logger.destination = log
    logger.internalLogHours = reader.number("internalLogHours") ?? logger.internalLogHours
    logger.maxBytes = reader.integer("maxBytes") ?? logger.maxBytes
    logger.totalMaxBytes = reader.integer("totalMaxBytes")
    if let total = logger.totalMaxBytes, total < logger.maxBytes, reader.node("maxBytes") != nil {
      collector.report(
        at: reader.place(of: "totalMaxBytes"),
        "all logs together may be smaller (\(total)) than those of one process (\(logger.maxBytes))",
        "make `totalMaxBytes` at least `maxBytes`")
    }
    configuration.logger = logger
  }

  /// A process's `logger` over the top level's. Files that the process names itself replace both inherited ones, and are plain
  /// unless it asks for decoration.
  mutating func processLog(_ reader: ObjectReader?) -> LogDestination {
    var log = configuration.logger.destination
    guard let reader else { return log }
    log.console = reader.boolean("console") ?? log.console
    log.decorate = reader.boolean("decorate") ?? log.decorate
    let stdout = outputFile("stdout", reader)
    let stderr = outputFile("stderr", reader)
    if let stdout {
      log.stdout = stdout
      log.stderr = stderr
    } else if let stderr {
      log.stderr = stderr
    }
    let ownsAllFiles = stdout != nil || (stderr != nil && log.stdout == nil)
    log.decorateFiles = reader.boolean("decorateFiles") ?? (ownsAllFiles ? false : log.decorateFiles)
    return log
  }

  /// The absolute path under a key, told where nothing can be written there.
  mutating func outputFile(_ key: String, _ reader: ObjectReader) -> String? {
    guard let node = reader.node(key) else { return nil }
    let path = PathText.join(configuration.directory, document.text(of: node))
    if let problem = files.problemOfOutputFile(path) { collector.report(at: node, problem.what, problem.fix) }
    return path
  }
}
