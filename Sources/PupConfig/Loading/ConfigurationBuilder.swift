internal import PupBasics
internal import PupCore

/// Turns a tree that conforms to the schema into a configuration, and reports problems that involve several keys or the machine.
/// It has a method for each group of keys.
struct ConfigurationBuilder {
  /// The maximum number of members in all clusters together.
  static let processLimit = 65_535

  let document: JSON5Document
  let unusable: Set<Int>
  var collector: DiagnosticCollector
  var files: FileChecks
  var configuration: PupConfiguration
  /// Ids in use, case-folded, with the node that uses each and the cluster that generated it.
  var takenIDs: [String: (node: Int, cluster: String?)] = [:]
  var zones: [String: ZoneLookup] = [:]
  var global = StopTimes()
  var searchPaths = SearchPathCache()

  init(
    document: JSON5Document, unusable: Set<Int>, collector: DiagnosticCollector, files: FileChecks, directory: String
  ) {
    self.document = document
    self.unusable = unusable
    self.collector = collector
    self.files = files
    configuration = PupConfiguration(directory: directory)
  }

  mutating func build() -> PupConfiguration {
    let root = ObjectReader(document: document, node: JSON5Document.root, unusable: unusable)
    configuration.name = root.text("name")
    global = stopTimes(root, inherited: StopTimes())
    if let api = root.object("api") { readAPI(api) }
    if let watcher = root.object("watcher") { readWatcher(watcher) }
    if let logger = root.object("logger") { readLogger(logger) }
    let processes = root.objects("processes")
    configuration.processes.reserveCapacity(processes.count)
    for process in processes { addProcess(process) }
    if let list = root.node("processes"), processes.isEmpty, document.elements(of: list).isEmpty {
      collector.report(.warning, at: list, "there are no processes", "add one: { id: \"web\", cmd: \"…\", autostart: true }")
    }
    readPlugins(root)
    return configuration
  }

  // MARK: - Top level

  private mutating func readAPI(_ reader: ObjectReader) {
    var api = APIConfiguration()
    api.hostname = reader.text("hostname") ?? api.hostname
    api.port = reader.port("port")
    api.revoked = reader.texts("revoked") ?? []
    api.allowedHosts = reader.texts("allowedHosts") ?? []
    api.allowedOrigins = reader.texts("allowedOrigins") ?? []
    if let tls = reader.object("tls"), let certificate = inputFile("cert", tls), let key = inputFile("key", tls) {
      if let mode = files.publicPermissions(of: key) {
        collector.report(at: tls.place(of: "key"), "everyone can read this private key (mode \(mode))", "run: chmod 640 \(key)")
      }
      api.tls = TLSConfiguration(certificate: certificate, key: key)
    }
    configuration.api = api
  }

  /// The absolute path under a key; reports a problem if it is not a file.
  private mutating func inputFile(_ key: String, _ reader: ObjectReader) -> String? {
    guard let node = reader.node(key) else { return nil }
    let path = PathText.join(configuration.directory, document.text(of: node))
    if let problem = files.problemOfInputFile(path) { collector.report(at: node, problem.what, problem.fix) }
    return path
  }

  private mutating func readWatcher(_ reader: ObjectReader) {
    var watcher = WatcherConfiguration()
    watcher.intervalMilliseconds = reader.integer("interval") ?? watcher.intervalMilliseconds
    watcher.extensions = reader.texts("exts")?.map { $0.hasPrefix(".") ? String($0.dropFirst()) : $0 }
    watcher.match = reader.texts("match") ?? watcher.match
    watcher.skip = reader.texts("skip") ?? watcher.skip
    configuration.watcher = watcher
  }

  private mutating func readPlugins(_ root: ObjectReader) {
    for plugin in root.objects("plugins") {
      collector.report(.warning, at: plugin.node, "plugins are not supported yet", "this one is not loaded")
      configuration.plugins.append(
        PluginConfiguration(
          url: plugin.text("url") ?? "", options: plugin.node("options").map { ConfigurationValue(document, $0) }))
    }
  }
}
