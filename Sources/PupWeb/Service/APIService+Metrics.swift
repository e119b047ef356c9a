internal import PupBasics
internal import PupTokens

extension APIService {
  /// The web server's own numbers.
  var metricsText: String {
    var own = MetricsText()
    let open = services.streams.counts
    own.gauge("pup_http_streams", "Open event streams and WebSockets.") { metric in
      metric.sample(["kind": "events"], Double(open.events))
      metric.sample(["kind": "websocket"], Double(open.webSockets))
    }
    let counts = gate.authorizer.failureCounts
    own.counter("pup_http_authentication_failures_total", "Tokens that were refused.") { metric in
      for failure in AuthenticationFailure.allCases { metric.sample(["reason": "\(failure)"], Double(counts[failure] ?? 0)) }
    }
    return metrics.text + listenerMetrics() + own.text
  }
}
