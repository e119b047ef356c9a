/// Log settings that apply to all processes and to Pup itself.
package struct LoggerConfiguration: Hashable, Sendable {
  /// For Pup's own lines, and for processes without settings of their own.
  package var destination = LogDestination()
  /// How long stored logs are kept; 0 disables the store.
  package var internalLogHours = ConfigurationDefaults.internalLogHours
  /// Maximum stored bytes per process.
  package var maxBytes = ConfigurationDefaults.logBytesPerProcess
  /// Maximum stored bytes of all processes; nil means 4 GiB or a tenth of the file system, whichever is less.
  package var totalMaxBytes: Int64?

  package init() {}
}
