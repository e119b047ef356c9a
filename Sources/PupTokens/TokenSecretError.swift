/// Why the secret's file cannot be used; names the file and the way out.
package struct TokenSecretError: Error, Hashable, Sendable, CustomStringConvertible {
  package var description: String

  init(_ description: String) { self.description = description }
}
