/// An answer that is produced piece by piece for as long as its reader stays. The reader takes bytes as fast as it can pass them
/// on, and is woken when there are more. Belongs to the loop's thread.
package protocol BodySource: AnyObject, Sendable {
  var type: String { get }
  /// - Parameter wake: called when there may be more bytes.
  func begin(wake: @escaping () -> Void)
  /// The next bytes; nil if there are none at the moment.
  func next() -> [UInt8]?
  /// The last bytes have been taken.
  var isDone: Bool { get }
  /// The reader has left. Called at least once by everybody who gets a source.
  func closed()
}
