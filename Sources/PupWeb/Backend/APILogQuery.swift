package import PupAPI

/// Which log lines; newest `count`, oldest first.
package struct APILogQuery: Hashable, Sendable {
  package var processId: String?
  package var start: ISODate?
  package var end: ISODate?
  package var severity: APILogSeverity?
  package var count: Int
  /// Whether it is an error that no process has the id now. Lines of one that is gone may be there.
  package var isKnownProcess = true

  package init(processId: String? = nil, start: ISODate? = nil, end: ISODate? = nil, severity: APILogSeverity? = nil, count: Int)
  {
    self.processId = processId
    self.start = start
    self.end = end
    self.severity = severity
    self.count = count
  }
}
