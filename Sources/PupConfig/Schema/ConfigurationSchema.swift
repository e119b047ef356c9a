/// The single definition of what a configuration may contain: the validator
/// checks against it, and `pup.schema.json` is generated from it.
///
/// Data: an entry for each key, in a file for each group.
package enum ConfigurationSchema {
  /// Up to about 31 years: anything longer is a mistake, and anything shorter fits every clock.
  static let seconds = 0.0...1_000_000_000.0
  static let port: ClosedRange<Int64> = 1...65_535
  /// The integers that every JSON parser represents exactly.
  static let count: ClosedRange<Int64> = 0...9_007_199_254_740_991
  static let path = SchemaType.text(SchemaTextRule(length: 1...4095))

  package static let root = SchemaObject(
    [
      SchemaKey("$schema", .text, "The schema of this file, for editors."),
      SchemaKey(
        "name", .text(SchemaTextRule(length: 1...64, pattern: .name)),
        "A name for this instance; the service that `pup enable-service` creates is named after it."),
      SchemaKey(
        "terminateTimeout", .number(seconds), default: json(ConfigurationDefaults.terminateTimeoutSeconds),
        "Seconds between a stop request and SIGKILL; if only a grace period of 30 s or more is set, 30 s more than that."
      ),
      SchemaKey(
        "terminateGracePeriod", .number(seconds), default: json(ConfigurationDefaults.terminateGracePeriodSeconds),
        "Seconds that a process has to finish by itself before SIGTERM is sent, counted from the same moment as `terminateTimeout`."
      ),
      SchemaKey("api", .object(api), "The REST interface."),
      SchemaKey(
        "logger", .object(logger), "Logs: where lines go and how long they are kept.", otherNames: ["log", "logs", "logging"]),
      SchemaKey("watcher", .object(watcher), "How changes to watched files are detected."),
      SchemaKey(
        "processes", .list(of: .object(process), atLeast: 0), required: true, "The programs to run.",
        otherNames: ["apps", "programs", "services", "tasks"]),
      SchemaKey("plugins", .list(of: .object(plugin), atLeast: 0), default: "[]", "Plugins (not supported yet)."),
    ], foreign: foreignKeysOfRoot)

  static let api = SchemaObject([
    SchemaKey(
      "hostname", .text(SchemaTextRule(length: 1...255)), default: JSON5Text.quoted(ConfigurationDefaults.apiHostname),
      "The address to listen on.", otherNames: ["host", "address", "listen"]),
    SchemaKey(
      "port", .integer(port), "The port to listen on; by default the first free port from \(ConfigurationDefaults.firstAPIPort)."),
    SchemaKey("revoked", .texts, default: "[]", "Consumers whose tokens are refused."),
    SchemaKey(
      "allowedHosts", .texts, default: "[]",
      "Names that requests may have in `Host`, such as a proxy's; localhost, addresses and `hostname` are always allowed.",
      otherNames: ["hosts"]),
    SchemaKey(
      "allowedOrigins", .list(of: .text(SchemaTextRule(length: 1...4096, pattern: .origin)), atLeast: 0), default: "[]",
      "Origins such as `https://panel.example.org` whose pages may use the interface from a browser (CORS).",
      otherNames: ["cors", "origins"]),
    SchemaKey("tls", .object(tls), "Serve HTTPS (TLS 1.2 or newer).", otherNames: ["ssl", "https"]),
  ])

  static let tls = SchemaObject([
    SchemaKey(
      "cert", path, required: true, "A PEM file: the certificate, followed by its intermediate certificates.",
      otherNames: ["certificate", "crt"]),
    SchemaKey("key", path, required: true, "A PEM file: the private key, readable by Pup's user only."),
  ])

  static let watcher = SchemaObject([
    SchemaKey(
      "interval", .integer(1...86_400_000), default: String(ConfigurationDefaults.watcherIntervalMilliseconds),
      "Changes within this many milliseconds after a first one count as a single change."),
    SchemaKey(
      "exts", .texts, default: json(ConfigurationDefaults.watcherExtensions),
      "Extensions of the files that count; by default these and that of the process's own script. An empty list means every file.",
      otherNames: ["extensions"]),
    SchemaKey("match", .texts, default: json(ConfigurationDefaults.watcherMatch), "Globs for the paths that count."),
    SchemaKey(
      "skip", .texts, default: json(ConfigurationDefaults.watcherSkip),
      "Globs for the paths that do not count. Hidden folders and `node_modules` are also left out, unless `watch` names them.",
      otherNames: ["ignore", "exclude"]),
  ])

  static let plugin = SchemaObject([
    SchemaKey("url", path, required: true, "Where the plugin comes from."),
    SchemaKey("options", .anything, "Passed to the plugin unchanged."),
  ])

  static func json(_ texts: [String]) -> String { "[" + texts.map(JSON5Text.quoted).joined(separator: ", ") + "]" }

  static func json(_ number: Double) -> String { Int64(exactly: number).map(String.init) ?? String(number) }
}
