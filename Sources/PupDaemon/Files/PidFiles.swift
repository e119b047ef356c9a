internal import PupCore
internal import PupSystem

/// Writes and removes `pidFile`s for the control loop, which never waits for them. Belongs to that loop; of each file only the
/// latest wish waits, so that a disk that hangs costs one thread and no memory.
final class PidFiles {
  enum Wish: Sendable {
    case write(Int32)
    case ensure(Int32)
    case remove(Set<Int32>)

    /// What is left to do where both are wished, this one first.
    func followed(by next: Wish) -> Wish {
      switch (self, next) {
      case (_, .write), (_, .ensure): next
      case (.remove(let first), .remove(let second)): .remove(first.union(second))
      // Another run's file by now.
      case (.write(let pid), .remove(let pids)), (.ensure(let pid), .remove(let pids)): pids.contains(pid) ? next : self
      }
    }
  }

  private struct Entry {
    let process: ProcessID
    var wish: Wish?
    var isBusy = false
    var waiting: [(timer: Timer, body: @Sendable () -> Void)] = []
  }

  /// Whoever waits for a file does so at most this long: a disk that hangs is no reason to keep a process's state back.
  private static let patience: Int64 = 1_000_000_000

  private let loop: EventLoop
  private let pool: HelperPool
  /// Called on the loop, about what could not be done.
  var report: ((ProcessID, String) -> Void)?
  private var entries: [String: Entry] = [:]
  private var whenIdle: (@Sendable () -> Void)?

  init(on loop: EventLoop, pool: HelperPool) {
    self.loop = loop
    self.pool = pool
  }

  private var me: LoopBound<PidFiles> { LoopBound(self, to: loop) }

  /// - Parameter path: of the process's file; nil where it has none.
  func put(_ wish: Wish, _ path: String?, of process: ProcessID) {
    guard let path else { return }
    var entry = entries[path] ?? Entry(process: process)
    entry.wish = entry.wish?.followed(by: wish) ?? wish
    entries[path] = entry
    begin(path)
  }

  /// Calls back on the loop when the file is as wished, or when that has taken too long; before this returns where nothing is to
  /// be done.
  func whenDone(_ path: String?, _ body: @escaping @Sendable () -> Void) {
    guard let path, entries[path] != nil else { return body() }
    let timer = loop.schedule(at: loop.now + Self.patience) { [me] in me { $0.release(path) } }
    entries[path]?.waiting.append((timer, body))
  }

  /// Calls back on the loop when all files are as wished; before this returns where they are.
  func finish(_ body: @escaping @Sendable () -> Void) {
    guard !entries.isEmpty else { return body() }
    whenIdle = body
  }

  private func begin(_ path: String) {
    guard var entry = entries[path], !entry.isBusy, let wish = entry.wish else { return }
    (entry.wish, entry.isBusy) = (nil, true)
    entries[path] = entry
    let isTaken = pool.run { [me, loop] in
      let problem = Self.perform(wish, PidFile(path: path))
      loop.post { me { $0.done(path, problem) } }
    }
    if !isTaken { done(path, "there is no thread to write \(path)") }
  }

  private static func perform(_ wish: Wish, _ file: PidFile) -> String? {
    do throws(PidFile.Problem) {
      switch wish {
      case .write(let pid): try file.write(pid)
      case .ensure(let pid): try file.ensure(pid)
      case .remove(let pids): try file.remove(pids)
      }
      return nil
    } catch {
      return "\(error)"
    }
  }

  private func done(_ path: String, _ problem: String?) {
    guard let entry = entries[path] else { return }
    entries[path]?.isBusy = false
    if let problem { report?(entry.process, problem) }
    guard entry.wish == nil else { return begin(path) }
    release(path)
    entries[path] = nil
    guard entries.isEmpty, let body = whenIdle else { return }
    whenIdle = nil
    body()
  }

  private func release(_ path: String) {
    guard let waiting = entries[path]?.waiting else { return }
    entries[path]?.waiting = []
    for (timer, body) in waiting {
      loop.cancel(timer)
      body()
    }
  }
}
