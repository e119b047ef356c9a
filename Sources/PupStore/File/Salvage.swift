internal import PupCore

/// What could still be read of a damaged file: the small tables that decisions rely on. The history is not recovered.
struct Salvage {
  private var desired: [StandingDecision] = []
  private var tokens: [TokenRecord] = []
  private var revocations: [ConsumerRevocation] = []
  /// Part of it could not be read.
  private(set) var isIncomplete = false

  init(from path: String) {
    self.init(from: try? Database(path: path, readOnly: true))
  }

  init(from database: Database?) {
    guard let database else {
      isIncomplete = true
      return
    }
    do { desired = try database.desired() } catch { isIncomplete = true }
    do { tokens = try database.tokens() } catch { isIncomplete = true }
    do { revocations = try database.revokedConsumers() } catch { isIncomplete = true }
  }

  func restore(to database: Database) throws(StoreError) {
    try database.transaction(durable: true) { () throws(StoreError) in
      for decision in desired { try database.restore(decision) }
      for token in tokens { try database.restore(token) }
      for revocation in revocations { try database.revoke(revocation) }
    }
  }

  var words: String {
    guard isIncomplete else {
      return "Manual stops and blocks and revoked tokens were kept; the history starts over."
    }
    return "Manual stops, blocks and revocations may be lost: check 'pup status', and run 'pup token rotate-secret' "
      + "if a token had been revoked."
  }
}
