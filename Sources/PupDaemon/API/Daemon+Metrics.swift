internal import PupAPI
internal import PupBasics
internal import PupCore
internal import PupLogs
internal import PupStore
internal import PupSystem

extension Daemon {
  /// Prometheus text format 0.0.4 of everything but the web server's own numbers.
  func metricsText() -> String {
    var text = MetricsText()
    SupervisorMetrics(
      statuses: supervisor.statuses, now: now, started: started, predecessors: welcome.predecessors, measurements: measurements,
      measurementAge: measurements.moment.map { loop.now - $0 }, logs: pump?.counters() ?? [:], store: surface?.store?.counters
    ).append(to: &text)
    appendLoops(&text)
    appendLink(&text)
    return text.text
  }
}
