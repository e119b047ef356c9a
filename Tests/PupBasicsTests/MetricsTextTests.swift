import PupBasics
import Testing

@Suite struct MetricsTextTests {
  @Test func kindsLabelsAndNumbers() {
    var metrics = MetricsText()
    metrics.gauge("up", "Whether it is there.") { $0.sample([:], 1) }
    metrics.counter("lines", "Lines.") { $0.sample(["process": "a\"b\\c\nd", "stream": "out"], 0.5) }
    metrics.histogram("took", "How long.") {
      $0.sample(["le": "+Inf"], 3, part: "_bucket")
      $0.sample([:], 1.25, part: "_sum")
      $0.sample([:], 3, part: "_count")
    }
    #expect(
      metrics.text == """
        # HELP up Whether it is there.
        # TYPE up gauge
        up 1
        # HELP lines Lines.
        # TYPE lines counter
        lines{process="a\\"b\\\\c\\nd",stream="out"} 0.5
        # HELP took How long.
        # TYPE took histogram
        took_bucket{le="+Inf"} 3
        took_sum 1.25
        took_count 3

        """)
  }
}
