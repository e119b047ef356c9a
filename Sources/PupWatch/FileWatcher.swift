internal import PupSystem
internal import Synchronization

/// Reports when something below the watched paths changes: contents, not permissions or times.
///
/// A path that is a directory is watched with everything below it, as far as `WatchOptions` say; symbolic links below it are not
/// followed, and hidden folders and `node_modules` are skipped. A path that is a file always counts, whatever its name, even if
/// an editor writes another file and renames it. A path may be missing, disappear, and come back; each of these is a change if
/// something that counts is, or was, there.
///
/// The first change opens a window of `intervalMilliseconds`; at its end `onChange` is called once, with the path of that first
/// change. Both callbacks come on the hub's loop.
///
/// Half of its properties are the options of one watch, the other half the window that is open.
package final class FileWatcher: @unchecked Sendable {
  /// How many different problems are reported.
  static let mostProblems = 16

  let hub: WatchHub
  let filter: WatchFilter
  let interval: Int64
  private let excluded: WatchExclusions
  /// Belongs to the loop's thread, because creating it reads the file system.
  private(set) lazy var exclusions = ResolvedExclusions(excluded)
  private(set) var roots: [WatchRoot]
  private let onChange: @Sendable (String) -> Void
  private let onProblem: @Sendable (String) -> Void
  private let isCancelled = Atomic<Bool>(false)

  private var isStarted = false
  private var firstChange: String?
  private var windowTimer: Timer?
  private var dirty: [WatchedDirectory] = []
  private var told: Set<String> = []
  var rescanTimer: Timer?
  var pollTimer: Timer?
  /// A limit was reached: everything is polled.
  var isPolling = false

  /// - Parameters:
  ///   - paths: absolute, or relative to `base`. They need not exist.
  ///   - base: the configuration's folder, absolute; patterns may also match a file's path below it.
  ///   - exclusions: what never counts.
  ///   - onChange: the absolute path that changed first; that of a directory if nothing more is known.
  ///   - onProblem: a sentence for people; each one is reported once.
  package init(
    hub: WatchHub, paths: [String], base: String, options: WatchOptions,
    excluding exclusions: WatchExclusions = WatchExclusions(),
    onChange: @escaping @Sendable (_ path: String) -> Void, onProblem: @escaping @Sendable (_ text: String) -> Void
  ) throws(GlobError) {
    self.hub = hub
    filter = try WatchFilter(options)
    excluded = exclusions
    interval = min(max(options.intervalMilliseconds, 0), 86_400_000) * 1_000_000
    roots = paths.map { WatchRoot($0, base: base) }
    self.onChange = onChange
    self.onProblem = onProblem
    for root in roots { root.watcher = self }
  }

  /// Begins on the hub's loop; a job posted there afterwards finds everything watched. The hub keeps the watcher until `cancel`.
  package func start() {
    hub.loop.post { [self] in
      guard !isStarted, !hasEnded else { return }
      isStarted = true
      hub.enroll(self)
      for root in roots where exclusions.covers(root: root.path) {
        tell("\(root.path.text): Pup itself writes there, so changes in it do not count")
      }
      roots.removeAll { exclusions.covers(root: $0.path) }
      for root in roots {
        if let pattern = filter.patternSkippingAll(below: root.watchedName) {
          tell("\(root.path.text): the skip pattern \"\(pattern)\" covers all of it; no change in it will be seen")
        }
        resolve(root, reports: false)
      }
      schedulePoll(after: 0)
    }
  }

  /// Ends it, from any thread. A callback that is running on the loop finishes; no other one follows.
  package func cancel() {
    isCancelled.store(true, ordering: .sequentiallyConsistent)
    hub.loop.post { [self] in
      for timer in [windowTimer, rescanTimer, pollTimer].compactMap(\.self) { hub.loop.cancel(timer) }
      (windowTimer, rescanTimer, pollTimer) = (nil, nil, nil)
      for root in roots { release(root) }
      hub.dismiss(self)
    }
  }

  var hasEnded: Bool { isCancelled.load(ordering: .sequentiallyConsistent) }

  // MARK: - Reporting

  var isWindowOpen: Bool { firstChange != nil }

  /// A change that counts.
  func changed(_ path: @autoclosure () -> String) {
    guard firstChange == nil else { return }
    firstChange = path()
    windowTimer = hub.loop.schedule(at: Clock.boot + interval) { [weak self] in self?.closeWindow() }
  }

  /// The directory's digest no longer describes its content.
  func markDirty(_ directory: WatchedDirectory) {
    guard !directory.isDirty else { return }
    directory.isDirty = true
    dirty.append(directory)
  }

  private func closeWindow() {
    guard let path = firstChange, !hasEnded else { return }
    // Before the callback: later changes get an event of their own, or are found by examining what has not been seen yet.
    for directory in dirty { look(at: directory) }
    dirty.removeAll()
    (firstChange, windowTimer) = (nil, nil)
    onChange(path)
  }

  func tell(_ text: String) {
    guard !hasEnded, told.count <= Self.mostProblems, told.insert(text).inserted else { return }
    onProblem(told.count <= Self.mostProblems ? text : "further problems with watched paths are not reported")
  }
}
