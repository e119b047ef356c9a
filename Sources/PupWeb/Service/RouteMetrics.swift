/// How often each route was called, with what outcome, and how long it took.
struct RouteMetrics {
  private static let bounds: [(seconds: String, microseconds: Int64)] = [
    ("0.0005", 500), ("0.001", 1000), ("0.005", 5000), ("0.01", 10_000), ("0.05", 50_000), ("0.1", 100_000), ("0.5", 500_000),
    ("1", 1_000_000), ("5", 5_000_000),
  ]

  private struct Numbers {
    var statuses: [Int: Int] = [:]
    var buckets = [Int](repeating: 0, count: RouteMetrics.bounds.count)
    var count = 0
    var microseconds: Int64 = 0
  }

  private var routes: [String: Numbers] = [:]

  /// - Parameter route: a route's name, of which there are few; never a path from outside.
  mutating func record(route: String, status: Int, microseconds: Int64) {
    routes[route, default: Numbers()].statuses[status, default: 0] += 1
    for (index, bound) in Self.bounds.enumerated() where microseconds <= bound.microseconds {
      routes[route]?.buckets[index] += 1
    }
    routes[route]?.count += 1
    routes[route]?.microseconds += microseconds
  }

  /// Prometheus text.
  var text: String {
    var text = "# HELP pup_http_requests_total Requests by route and status.\n# TYPE pup_http_requests_total counter\n"
    let sorted = routes.sorted { $0.key < $1.key }
    for (route, numbers) in sorted {
      for (status, count) in numbers.statuses.sorted(by: { $0.key < $1.key }) {
        text += "pup_http_requests_total{route=\"\(route)\",status=\"\(status)\"} \(count)\n"
      }
    }
    text += "# HELP pup_http_request_duration_seconds From the request's head to its answer.\n"
    text += "# TYPE pup_http_request_duration_seconds histogram\n"
    for (route, numbers) in sorted {
      for (bound, count) in zip(Self.bounds, numbers.buckets) {
        text += "pup_http_request_duration_seconds_bucket{route=\"\(route)\",le=\"\(bound.seconds)\"} \(count)\n"
      }
      text += "pup_http_request_duration_seconds_bucket{route=\"\(route)\",le=\"+Inf\"} \(numbers.count)\n"
      text += "pup_http_request_duration_seconds_sum{route=\"\(route)\"} \(Double(numbers.microseconds) / 1_000_000)\n"
      text += "pup_http_request_duration_seconds_count{route=\"\(route)\"} \(numbers.count)\n"
    }
    return text
  }
}
