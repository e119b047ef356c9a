internal import Glibc

package enum CommandWords {
  /// Calls `body` with a NULL-terminated array of C strings.
  package static func withPointers<Result>(
    _ words: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeMutableBufferPointer { buffer in
      body(UnsafePointer(buffer.baseAddress.unsafelyUnwrapped))
    }
  }
}
