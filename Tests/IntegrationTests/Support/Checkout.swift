internal import Glibc
internal import Testing

/// The sources that the tests are built from; another user may be unable to read them.
enum Checkout {
  static let folder = #filePath.dropLast("/Tests/IntegrationTests/Support/Checkout.swift".count)

  static func path(_ name: String) -> String { "\(folder)/\(name)" }

  static let isReadable = Files.exists(path("README.md"))

  static let unreadable: Comment = "this user cannot read the checkout"
}
