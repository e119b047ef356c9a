internal import PupAPI

/// Where tokens are issued and revoked: by the Pup that runs, or in the files of one that does not.
protocol TokenBook {
  func create(_ request: TokenRequest) throws(CommandFailure) -> TokenCreated
  /// Oldest first.
  func tokens() throws(CommandFailure) -> [TokenInfo]
  func revoke(_ revocation: TokenRevocation) throws(CommandFailure)
  func reinstate(_ consumer: String) throws(CommandFailure)
  /// Every token made before is dead.
  func rotateSecret() throws(CommandFailure)
  /// Call it at the end.
  func close()
}

extension TokenBook {
  func close() {}
}
