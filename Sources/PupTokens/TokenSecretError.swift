/// Why the secret's file cannot be used; names the file and the fix.
package struct TokenSecretError: Error, Hashable, Sendable, CustomStringConvertible {
  package var description: String

  init(_ description: String) { self.description = description }
}
