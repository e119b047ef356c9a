/// What became of a listener's connections.
struct ConnectionCounts {
  /// All that were accepted.
  var opened = 0
  /// Turned away, because everybody who was there was being served.
  var refused = 0
  /// Cut to make room for others.
  var crowdedOut = 0
  /// Cut because they took too long.
  var late = 0
  /// Streams that found no place.
  var refusedStreams = 0
}
