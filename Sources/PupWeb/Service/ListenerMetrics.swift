internal import PupBasics

/// Who is there, who was turned away, and who was cut: Prometheus text. Listeners of a kind count as one.
struct ListenerMetrics {
  private struct Numbers {
    var requests = 0
    var streams = 0
    var counts = ConnectionCounts()
  }

  private var numbers: [(kind: String, Numbers)] = []

  init(_ listeners: [Listener]) {
    for (kind, isLocal) in [("tcp", false), ("unix", true)] {
      var sum = Numbers()
      for listener in listeners where listener.isLocal == isLocal {
        let streams = listener.streamCount
        sum.streams += streams
        sum.requests += listener.connections.count - streams
        sum.counts.opened += listener.counts.opened
        sum.counts.refused += listener.counts.refused
        sum.counts.crowdedOut += listener.counts.crowdedOut
        sum.counts.late += listener.counts.late
        sum.counts.refusedStreams += listener.counts.refusedStreams
      }
      numbers.append((kind, sum))
    }
  }

  var text: String {
    var metrics = MetricsText()
    metrics.gauge("pup_http_connections", "Open connections: of requests, and of streams and WebSockets.") { metric in
      for (kind, numbers) in numbers {
        metric.sample(["listener": kind, "kind": "requests"], Double(numbers.requests))
        metric.sample(["listener": kind, "kind": "streams"], Double(numbers.streams))
      }
    }
    metrics.counter("pup_http_connections_total", "Connections that were accepted.") { metric in
      for (kind, numbers) in numbers { metric.sample(["listener": kind], Double(numbers.counts.opened)) }
    }
    metrics.counter(
      "pup_http_connections_refused_total",
      "Connections, and streams, that found all places taken by others who were being served."
    ) { metric in
      for (kind, numbers) in numbers {
        metric.sample(["listener": kind, "kind": "requests"], Double(numbers.counts.refused))
        metric.sample(["listener": kind, "kind": "streams"], Double(numbers.counts.refusedStreams))
      }
    }
    metrics.counter(
      "pup_http_connections_cut_total",
      "Connections that were cut: to make room in a crowd, because they asked for nothing; or because they took too long."
    ) { metric in
      for (kind, numbers) in numbers {
        metric.sample(["listener": kind, "reason": "crowd"], Double(numbers.counts.crowdedOut))
        metric.sample(["listener": kind, "reason": "late"], Double(numbers.counts.late))
      }
    }
    return metrics.text
  }
}
