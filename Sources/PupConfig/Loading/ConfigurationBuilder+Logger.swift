internal import PupBasics

extension ConfigurationBuilder {
  /// The top-level `logger`.
  mutating func readLogger(_ reader: ObjectReader) {
    var logger = LoggerConfiguration()
    var log = logger.destination
    log.console = reader.boolean("console") ?? log.console
    log.colors = reader.boolean("colors") ?? log.colors
    log.decorate = reader.boolean("decorate") ?? log.decorate
    log.decorateFiles = reader.boolean("decorateFiles") ?? log.decorate
    log.detectSeverity = reader.boolean("detectSeverity") ?? log.detectSeverity
    log.stdout = outputFile("stdout", reader)
    log.stderr = outputFile("stderr", reader)
    logger.destination = log
    logger.internalLogHours = reader.number("internalLogHours") ?? logger.internalLogHours
    logger.maxBytes = reader.integer("maxBytes") ?? logger.maxBytes
    logger.totalMaxBytes = reader.integer("totalMaxBytes")
    if let total = logger.totalMaxBytes, total < logger.maxBytes, reader.node("maxBytes") != nil {
      collector.report(
        at: reader.place(of: "totalMaxBytes"),
        "the limit for all logs (\(total)) is below the limit for one process (\(logger.maxBytes))",
        "set `totalMaxBytes` to at least `maxBytes`")
    }
    configuration.logger = logger
  }

  /// A process's `logger` applied over the top-level one. Files that the process itself names replace both inherited ones, and
  /// are undecorated unless it asks for decoration.
  mutating func processLog(_ reader: ObjectReader?) -> LogDestination {
    var log = configuration.logger.destination
    guard let reader else { return log }
    log.console = reader.boolean("console") ?? log.console
    log.decorate = reader.boolean("decorate") ?? log.decorate
    log.detectSeverity = reader.boolean("detectSeverity") ?? log.detectSeverity
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

  /// The absolute path under a key, with a warning if nothing can be written there: that is no reason to refuse to run, and the
  /// folder may be created later.
  mutating func outputFile(_ key: String, _ reader: ObjectReader) -> String? {
    guard let node = reader.node(key) else { return nil }
    let path = PathText.join(configuration.directory, document.text(of: node))
    if let problem = files.problemOfOutputFile(path) { collector.report(.warning, at: node, problem.what, problem.fix) }
    return path
  }
}
