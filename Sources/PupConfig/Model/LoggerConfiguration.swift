/// What holds for the logs of all processes and of Pup itself.
package struct LoggerConfiguration: Hashable, Sendable {
  /// For the lines of Pup itself, and for processes that set nothing of their own.
  package var destination = LogDestination()
  /// How long stored logs are kept; 0 switches the store off.
  package var internalLogHours = ConfigurationDefaults.internalLogHours
  /// Stored bytes per process.
  package var maxBytes = ConfigurationDefaults.logBytesPerProcess
  /// Stored bytes of all processes; nil is 4 GiB or a tenth of the file system, whichever is less.
  package var totalMaxBytes: Int64?

  package init() {}
}
