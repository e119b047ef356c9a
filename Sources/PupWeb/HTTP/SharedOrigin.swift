/// Another origin whose pages may read an answer (CORS).
struct SharedOrigin: Sendable {
  let origin: String
  /// The headers that they may read.
  let exposedHeaders: String
}
