/// The values of keys that are not set; shown by the schema and used by the loader.
package enum ConfigurationDefaults {
  package static let terminateTimeoutSeconds = 30.0
  package static let terminateGracePeriodSeconds = 0.0
  package static let restartDelayMilliseconds: Int64 = 10_000
  package static let watchRestartDelayMilliseconds: Int64 = 500
  package static let apiHostname = "127.0.0.1"
  package static let firstAPIPort = 49_152
  package static let internalLogHours = 48.0
  package static let logBytesPerProcess: Int64 = 256 << 20
  package static let watcherIntervalMilliseconds: Int64 = 1_000
  package static let watcherExtensions = ["ts", "tsx", "js", "jsx", "json"]
  package static let watcherMatch = ["**/*.*"]
  package static let watcherSkip = ["**/.git/**"]
  /// Used if neither the environment nor the configuration sets `PATH`.
  package static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
}
