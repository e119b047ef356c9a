extension PupConfiguration {
  /// Reads and checks a configuration.
  ///
  /// - Parameters:
  ///   - path: the file's path as shown to people.
  ///   - directory: the absolute path of the folder that relative paths start from.
  ///   - checkingFiles: false accepts paths and programs unchecked: a configuration that is already in force stays in force even
  ///     if a directory is missing now.
  /// - Returns: all problems, and the configuration if none of them is an error.
  package static func load(
    bytes: [UInt8], path: String, directory: String, environment: any ConfigurationEnvironment, checkingFiles: Bool = true
  ) -> ConfigurationReport {
    load(
      bytes: bytes, source: .file(path), directory: directory, environment: environment, checkingFiles: checkingFiles)
  }

  static func load(
    bytes: [UInt8], source: ConfigurationReport.Source, directory: String, environment: any ConfigurationEnvironment,
    checkingFiles: Bool
  ) -> ConfigurationReport {
    let document = JSON5Document(bytes)
    var collector = DiagnosticCollector(document)
    for problem in document.problems { collector.report(problem) }
    if document.structureLost || document.nodes.isEmpty {
      return ConfigurationReport(source: source, configuration: nil, diagnostics: collector.finished())
    }
    var validator = SchemaValidator(document, collector: collector)
    validator.check(JSON5Document.root, as: .object(ConfigurationSchema.root))
    guard document.nodes[JSON5Document.root].kind == .object, !validator.isExhausted else {
      return ConfigurationReport(source: source, configuration: nil, diagnostics: validator.collector.finished())
    }
    var builder = ConfigurationBuilder(
      document: document, unusable: validator.unusable, collector: validator.collector,
      files: FileChecks(environment: environment, isActive: checkingFiles), directory: directory)
    let configuration = builder.build()
    return ConfigurationReport(
      source: source, configuration: builder.collector.hasErrors ? nil : configuration, diagnostics: builder.collector.finished())
  }
}
