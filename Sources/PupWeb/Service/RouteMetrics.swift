internal import PupBasics

/// How often each route was called, with what outcome, and how long it took.
struct RouteMetrics {
  private static let bounds: [(seconds: String, microseconds: Int64)] = [
    ("0.0005", 500), ("0.001", 1000), ("0.005", 5000), ("0.01", 10_000), ("0.05", 50_000), ("0.1", 100_000), ("0.5", 500_000),
    ("1", 1_000_000), ("5", 5_000_000),
  ]

  private struct Numbers {
    var statuses: [Int: Int] = [:]
    /// Each request in the smallest that it fits into.
    var buckets = [Int](repeating: 0, count: RouteMetrics.bounds.count)
    var count = 0
    var microseconds: Int64 = 0

    mutating func add(status: Int, _ microseconds: Int64) {
      statuses[status, default: 0] += 1
      if let index = RouteMetrics.bounds.firstIndex(where: { microseconds <= $0.microseconds }) { buckets[index] += 1 }
      count += 1
      self.microseconds += microseconds
    }
  }

  private var routes: [String: Numbers] = [:]

  /// - Parameter route: a route's name, of which there are few; never a path from outside.
  mutating func record(route: String, status: Int, microseconds: Int64) {
    routes[route, default: Numbers()].add(status: status, microseconds)
  }

  /// Prometheus text.
  var text: String {
    var metrics = MetricsText()
    let sorted = routes.sorted { $0.key < $1.key }
    metrics.counter("pup_http_requests_total", "Requests by route and status.") { metric in
      for (route, numbers) in sorted {
        for (status, count) in numbers.statuses.sorted(by: { $0.key < $1.key }) {
          metric.sample(["route": route, "status": String(status)], Double(count))
        }
      }
    }
    metrics.histogram("pup_http_request_duration_seconds", "From the request's head to its answer.") { metric in
      for (route, numbers) in sorted {
        var below = 0
        for (bound, count) in zip(Self.bounds, numbers.buckets) {
          below += count
          metric.sample(["route": route, "le": bound.seconds], Double(below), part: "_bucket")
        }
        metric.sample(["route": route, "le": "+Inf"], Double(numbers.count), part: "_bucket")
        metric.sample(["route": route], Double(numbers.microseconds) / 1_000_000, part: "_sum")
        metric.sample(["route": route], Double(numbers.count), part: "_count")
      }
    }
    return metrics.text
  }
}
