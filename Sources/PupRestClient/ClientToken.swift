/// The token in use; the revision tells a fresh one from the one before.
struct ClientToken: Sendable {
  var text: String
  var revision: UInt64
}
