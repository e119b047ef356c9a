/// The one definition of what a configuration may say: the validator checks against it and `pup.schema.json` is written from it.
package enum ConfigurationSchema {
  /// About 31 years: what is longer is a mistake, and what is shorter fits every clock.
  static let seconds = 0.0...1_000_000_000.0
  static let port: ClosedRange<Int64> = 1...65_535
  /// The integers that every JSON reader keeps exact.
  static let count: ClosedRange<Int64> = 0...9_007_199_254_740_991
  static let path = SchemaType.text(SchemaTextRule(length: 1...4095))

  package static let root = SchemaObject([
    SchemaKey("$schema", .text, "The schema of this file, for editors."),
    SchemaKey(
      "name", .text(SchemaTextRule(length: 1...64, pattern: .name)),
      "A name for this instance; the service that `pup enable-service` makes is called after it."),
    SchemaKey(
      "terminateTimeout", .number(seconds), default: json(ConfigurationDefaults.terminateTimeoutSeconds),
      "Seconds between the wish to stop a process and SIGKILL."),
    SchemaKey(
      "terminateGracePeriod", .number(seconds), default: json(ConfigurationDefaults.terminateGracePeriodSeconds),
      "Seconds that a process gets to finish by itself before SIGTERM is sent, counted from the same moment as `terminateTimeout`."
    ),
    SchemaKey("api", .object(api), "The REST interface."),
    SchemaKey(
      "logger", .object(logger), "Logs: where lines go and how long they are kept.", otherNames: ["log", "logs", "logging"]),
    SchemaKey("watcher", .object(watcher), "How changes of watched files are found."),
    SchemaKey(
      "processes", .list(of: .object(process), atLeast: 0), required: true, "The programs to run.",
      otherNames: ["apps", "programs", "services", "tasks"]),
    SchemaKey("plugins", .list(of: .object(plugin), atLeast: 0), default: "[]", "Plugins (not supported yet)."),
  ])

  static let api = SchemaObject([
    SchemaKey(
      "hostname", .text(SchemaTextRule(length: 1...255)), default: JSON5Text.quoted(ConfigurationDefaults.apiHostname),
      "The address to listen on.", otherNames: ["host", "address", "listen"]),
    SchemaKey(
      "port", .integer(port), "The port to listen on; by default the first free one from \(ConfigurationDefaults.firstAPIPort)."),
    SchemaKey("revoked", .texts, default: "[]", "Consumers whose tokens are refused."),
    SchemaKey(
      "allowedHosts", .texts, default: "[]",
      "Names that requests may carry in `Host`, such as a proxy's; localhost, addresses and `hostname` always may.",
      otherNames: ["hosts"]),
    SchemaKey(
      "allowedOrigins", .list(of: .text(SchemaTextRule(length: 1...4096, pattern: .origin)), atLeast: 0), default: "[]",
      "Origins such as `https://panel.example.org` whose pages may use the interface from a browser (CORS).",
      otherNames: ["cors", "origins"]),
    SchemaKey("tls", .object(tls), "Serve HTTPS (TLS 1.2 or newer).", otherNames: ["ssl", "https"]),
  ])

  static let tls = SchemaObject([
    SchemaKey(
      "cert", path, required: true, "A PEM file: the certificate, followed by those that lead to a known authority.",
      otherNames: ["certificate", "crt"]),
    SchemaKey("key", path, required: true, "A PEM file: the private key, readable for Pup's user only."),
  ])

  static let watcher = SchemaObject([
    SchemaKey(
      "interval", .integer(1...86_400_000), default: String(ConfigurationDefaults.watcherIntervalMilliseconds),
      "Milliseconds within which changes count as one."),
    SchemaKey(
      "exts", .texts, default: json(ConfigurationDefaults.watcherExtensions), "Extensions of the files that count.",
      otherNames: ["extensions"]),
    SchemaKey("match", .texts, default: json(ConfigurationDefaults.watcherMatch), "Globs of the paths that count."),
    SchemaKey(
      "skip", .texts, default: json(ConfigurationDefaults.watcherSkip), "Globs of the paths that do not count.",
      otherNames: ["ignore", "exclude"]),
  ])

  static let plugin = SchemaObject([
    SchemaKey("url", path, required: true, "Where the plugin comes from."),
    SchemaKey("options", .anything, "Handed to the plugin as it is."),
  ])

  static func json(_ texts: [String]) -> String { "[" + texts.map(JSON5Text.quoted).joined(separator: ", ") + "]" }

  static func json(_ number: Double) -> String { Int64(exactly: number).map(String.init) ?? String(number) }
}
