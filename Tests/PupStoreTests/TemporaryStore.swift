import PupCore
import PupTestSupport
import Synchronization
import Testing

@testable import PupStore

/// A folder for one test, gone with it, and what stores in it told.
final class TemporaryStore: Sendable {
  let folder: String
  let notices = Notices()
  var path: String { folder + "/store.sqlite" }

  private let root: TemporaryFolder
  /// The folder, as a name in `root`.
  private let name: String

  /// - Parameter length: of the folder's path, at least; folders are made in the first one until it has that many bytes.
  init(length: Int = 0) throws {
    root = try TemporaryFolder()
    var (folder, name) = (root.path, ".")
    while folder.utf8.count < length {
      let next = "/" + String(repeating: "x", count: min(200, max(1, length - folder.utf8.count - 1)))
      folder += next
      name += next
      try root.makeDirectory(name, mode: 0o700)
    }
    (self.folder, self.name) = (folder, name)
  }

  func open(_ change: (inout StoreLimits) -> Void = { _ in }) throws -> Store {
    var limits = StoreLimits()
    limits.retry = 5_000_000
    change(&limits)
    let notices = notices
    return try Store.open(path, limits: limits) { notices.add($0) }
  }

  var names: [String] { root.names(in: name) }

  func bytes(_ file: String = "store.sqlite") throws -> [UInt8] { try #require(root.bytes("\(name)/\(file)")) }

  func write(_ bytes: [UInt8], to file: String = "store.sqlite") throws {
    try root.write("\(name)/\(file)", bytes, mode: 0o600)
  }

  /// The files as a killed process would leave them, in a folder of their own.
  func copyAsAfterKill() throws -> TemporaryStore {
    let copy = try TemporaryStore()
    for name in names where !name.hasSuffix("-shm") { try copy.write(try bytes(name), to: name) }
    return copy
  }
}

final class Notices: Sendable {
  private let state = Mutex<(all: [StoreNotice], waiting: [CheckedContinuation<Void, Never>])>(([], []))

  func add(_ notice: StoreNotice) {
    let waiting = state.withLock { state in
      state.all.append(notice)
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  var all: [StoreNotice] { state.withLock { $0.all } }

  /// Returns when one of the notices is `wanted`.
  func wait(for wanted: (StoreNotice) -> Bool) async {
    while true {
      // One look for both: what comes after it is more than was seen.
      let looked = all
      if looked.contains(where: wanted) { return }
      let seen = looked.count
      await withCheckedContinuation { continuation in
        let isNew = state.withLock { state in
          if state.all.count > seen { return true }
          state.waiting.append(continuation)
          return false
        }
        if isNew { continuation.resume() }
      }
    }
  }
}

extension Store {
  func history(_ process: ProcessID?, limit: Int = 1000, before: Int64? = nil) async throws -> [StoredTransition] {
    try await withCheckedContinuation { continuation in
      history(of: process, limit: limit, before: before) { continuation.resume(returning: $0) }
    }.get()
  }

  func events(_ epoch: String, after number: Int64 = 0) async throws -> [StoredEvent] {
    try await withCheckedContinuation { continuation in
      events(epoch: epoch, after: number, limit: 10_000) { continuation.resume(returning: $0) }
    }.get()
  }

  func save(_ states: [DesiredState]) async -> StoreOutcome {
    await withCheckedContinuation { continuation in saveDesired(states) { continuation.resume(returning: $0) } }
  }

  func added(_ token: TokenRecord) async -> StoreOutcome {
    await withCheckedContinuation { continuation in add(token) { continuation.resume(returning: $0) } }
  }

  /// Runs a literal on the store's connection.
  func script(_ sql: StaticString) throws {
    try waitFor { (worker) throws(StoreError) in
      try worker.ask { (database) throws(StoreError) in try database.script(sql, stage: "test") }
    }
  }
}

extension Transition {
  static func sample(_ number: Int, process: String = "web") -> Transition {
    var transition = Transition(
      time: WallTime(microseconds: 4_000_000_000_000_000 + Int64(number)), process: ProcessID(process), old: .running,
      new: .errored, actor: .program)
    transition.generation = UInt32(number)
    transition.reason = "number \(number)"
    return transition
  }
}

extension ProcessID: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) { self.init(text) }
}
