/// The token in use; the revision distinguishes a fresh one from its predecessor.
struct ClientToken: Sendable {
  var text: String
  var revision: UInt64
}
