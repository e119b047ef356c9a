internal import PupAPI
internal import PupBasics
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupStore

/// Everything of `GET /metrics` (Prometheus text format 0.0.4) but the web server's own numbers.
struct SupervisorMetrics {
  let statuses: [ProcessStatus]
  let now: Moment
  /// When the supervisor that answers was started.
  let started: WallTime
  let predecessors: UInt32
  let measurements: ProcessMeasurements
  /// Nanoseconds; nil where nothing has been measured yet.
  let measurementAge: Int64?
  let logs: [String: LogCounters]
  let store: StoreCounters?

  func append(to text: inout MetricsText) {
    text.gauge("pup_build_info", "The version of this Pup.") { $0.sample(["version": PupVersion.text], 1) }
    text.gauge("pup_supervisor_start_time_seconds", "When the supervisor that answers was started.") {
      $0.sample([:], Double(started.microseconds) / 1_000_000)
    }
    text.counter("pup_supervisor_predecessors_total", "Supervisors before this one under the same keeper.") {
      $0.sample([:], Double(predecessors))
    }
    text.gauge("pup_supervisor_resident_memory_bytes", "Of the supervisor itself.") {
      $0.sample([:], Double(measurements.machine.ownResidentBytes))
    }
    text.gauge("pup_process_state", "1 for the state that a process is in.") { metric in
      for status in statuses { metric.sample(["process": status.id.text, "state": status.state.word], 1) }
    }
    text.gauge("pup_process_blocked", "1 where starts are refused.") { metric in
      for status in statuses { metric.sample(["process": status.id.text], status.blocked ? 1 : 0) }
    }
    text.counter("pup_process_restarts_total", "Runs after the first one, whoever or whatever began them; never set back.") {
      metric in
      for status in statuses { metric.sample(["process": status.id.text], Double(max(status.starts - 1, 0))) }
    }
    text.gauge("pup_process_restarts", "Restarts by policy since the limit was last set back.") { metric in
      for status in statuses { metric.sample(["process": status.id.text], Double(status.restarts)) }
    }
    text.gauge("pup_process_uptime_seconds", "How long the current run has lasted.") { metric in
      for status in statuses where status.pid != nil {
        let seconds = status.started.map { Double(now.wall.microseconds - $0.microseconds) / 1_000_000 } ?? 0
        metric.sample(["process": status.id.text], max(seconds, 0))
      }
    }
    if let measurementAge {
      text.gauge("pup_measurement_age_seconds", "Since the following was measured.") {
        $0.sample([:], Double(measurementAge) / 1_000_000_000)
      }
    }
    let measured = measurements.all
    text.gauge("pup_process_cpu_seconds", "Processor time of the current run's whole tree.") { metric in
      for (id, usage) in measured { metric.sample(["process": id.text], usage.cpuSeconds) }
    }
    text.gauge("pup_process_resident_memory_bytes", "Of the current run's whole tree.") { metric in
      for (id, usage) in measured { metric.sample(["process": id.text], Double(usage.memory)) }
    }
    text.gauge("pup_process_tree_size", "Processes in the current run's tree.") { metric in
      for (id, usage) in measured { metric.sample(["process": id.text], Double(usage.processes)) }
    }
    appendLogs(&text)
    appendStore(&text)
  }

  private func appendLogs(_ text: inout MetricsText) {
    let counters = logs.sorted { $0.key < $1.key }
    text.counter("pup_log_lines_total", "Log lines since this supervisor began.") { metric in
      for (process, count) in counters { metric.sample(["process": process], Double(count.lines)) }
    }
    text.counter("pup_log_bytes_total", "Their bytes, as they were written.") { metric in
      for (process, count) in counters { metric.sample(["process": process], Double(count.bytes)) }
    }
    text.counter("pup_log_lines_lost_total", "Lines that a full disk or the like has cost.") { metric in
      for (process, count) in counters { metric.sample(["process": process], Double(count.lost)) }
    }
  }

  private func appendStore(_ text: inout MetricsText) {
    guard let counters = store else { return }
    text.counter("pup_store_writes_total", "Records written to the database.") { $0.sample([:], Double(counters.written)) }
    text.counter("pup_store_dropped_total", "Records that found no room to wait for the disk, or were refused by it.") {
      $0.sample([:], Double(counters.dropped))
    }
    text.gauge("pup_store_failing", "1 while the database cannot be written.") { $0.sample([:], counters.isFailing ? 1 : 0) }
  }
}
