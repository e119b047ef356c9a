/// Lets a test program pose as a later build: everything that it writes has
/// an additional field and a higher version. Nothing that is shipped uses it.
package enum LaterBuild {
  nonisolated(unsafe) private static var steps: UInt16 = 0
  nonisolated(unsafe) private static var isStrict = false

  /// Before anything is read or written, while there is one thread.
  /// - Parameters:
  ///   - ahead: this many releases; this build and the one after that do not know each other from 2 on.
  ///   - needed: no reader before that build reads what it leaves for later ones (formats with an `oldest`).
  package static func begin(ahead: UInt16, needed: Bool = false) {
    unsafe steps = ahead
    unsafe isStrict = needed
  }

  /// How many releases this program is ahead; 0 in a build that ships.
  static var ahead: UInt16 { unsafe steps }

  /// The lowest version of a reader of what is left for later builds.
  static func needed(_ needed: UInt16, of version: UInt16) -> UInt16 { unsafe isStrict ? version : needed }

  package static var isRunning: Bool { ahead > 0 }

  /// The additional field: empty in a build that ships.
  package static var field: [UInt8] { isRunning ? [0x70, 0x75, 0x70, 0x20, 0x30, 0x2E, 0x32, 0x0A] : [] }

  /// Read like every field that was added later: it is absent in what an older build wrote.
  static func read(from reader: inout ByteReader) throws(FormatError) {
    guard isRunning, reader.remaining > 0 else { return }
    for byte in field { guard try reader.get(UInt8.self) == byte else { throw .malformed } }
  }
}
