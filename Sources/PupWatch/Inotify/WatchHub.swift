internal import CLinux
internal import Glibc
package import PupSystem

/// One inotify descriptor for all watchers of a loop: a user has 128 of them (fs.inotify.max_user_instances), and a thousand
/// processes may each have a watcher. Watchers of the same directory share one watch.
///
/// Listing directories and polling block the loop for as long as the file system takes: give the hub a loop (and thread) of its
/// own. Everything in here belongs to that loop's thread; watchers may be created, started and cancelled on any thread.
package final class WatchHub: @unchecked Sendable {
  private struct Subscription {
    var subscriber: any InotifySubscriber
    var mask: InotifyMask
  }

  private struct Watch {
    var subscriptions: [Subscription] = []
  }

  package let loop: EventLoop
  let leastPollInterval: Int64
  private let maximumWatches: Int
  private var inotify: Descriptor?
  private var registration: Registration?
  private var watches: [Int32: Watch] = [:]
  private var watchers: [ObjectIdentifier: FileWatcher] = [:]
  private var buffer = [UInt8](repeating: 0, count: 64 * 1024)

  /// - Parameters:
  ///   - maximumWatches: the maximum number of directories to watch; a watcher that needs more polls, as it does at the kernel's
  ///     own limit.
  ///   - leastPollMilliseconds: the minimum interval of a watcher that polls.
  package init(loop: EventLoop, maximumWatches: Int = .max, leastPollMilliseconds: Int64 = 2_000) {
    self.loop = loop
    leastPollInterval = leastPollMilliseconds * 1_000_000
    self.maximumWatches = maximumWatches
  }

  // MARK: - Watchers

  func enroll(_ watcher: FileWatcher) { watchers[ObjectIdentifier(watcher)] = watcher }

  func dismiss(_ watcher: FileWatcher) {
    watchers[ObjectIdentifier(watcher)] = nil
    if watchers.isEmpty { closeDescriptor() }
  }

  // MARK: - Watches

  /// Directories being watched.
  package var watchCount: Int { watches.count }

  /// Watches the directory at `path`. Returns the watch's number, which is the same for every watch of the same directory.
  func add(
    _ path: RawPath, _ mask: InotifyMask, follow: Bool, for subscriber: any InotifySubscriber
  ) throws(WatchProblem) -> Int32 {
    let inotify = try descriptor()
    // Only a directory that is already watched costs nothing, and that is known only afterwards.
    guard watches.count < maximumWatches else { throw .tooManyWatches(limit: maximumWatches) }
    var request: InotifyMask = [mask, .onlyDirectory, .excludeUnlinked, .addToMask]
    if !follow { request.insert(.doNotFollow) }
    let number = path.withCString { pup_inotify_add(inotify.number, $0, request.rawValue) }
    guard number >= 0 else { throw WatchProblem(addErrno: -number) }
    var watch = watches.removeValue(forKey: number) ?? Watch()
    if let index = watch.subscriptions.firstIndex(where: { $0.subscriber === subscriber }) {
      watch.subscriptions[index].mask = mask
    } else {
      watch.subscriptions.append(Subscription(subscriber: subscriber, mask: mask))
    }
    watches[number] = watch
    return number
  }

  func remove(_ number: Int32, for subscriber: any InotifySubscriber) {
    guard var watch = watches[number] else { return }
    if let index = watch.subscriptions.firstIndex(where: { $0.subscriber === subscriber }) {
      watch.subscriptions.remove(at: index)
    }
    watches[number] = watch.subscriptions.isEmpty ? nil : watch
    if watch.subscriptions.isEmpty, let inotify {
      // Fails if the directory was removed: then the kernel has removed the watch.
      _ = pup_inotify_remove(inotify.number, number)
    }
  }

  private func descriptor() throws(WatchProblem) -> Descriptor {
    if let inotify { return inotify }
    let number = pup_inotify_create()
    guard number >= 0 else { throw WatchProblem(createErrno: -number) }
    let created = Descriptor(number)
    do {
      // Weak, because the loop outlives a hub whose watchers are all cancelled.
      registration = try loop.register(number, .read) { [weak self] _ in self?.readEvents() }
    } catch {
      throw .cannotWatch(error)
    }
    inotify = created
    return created
  }

  private func closeDescriptor() {
    if let registration { loop.deregister(registration) }
    inotify?.close()
    (registration, inotify) = (nil, nil)
    watches.removeAll()
  }

  // MARK: - Events

  /// One buffer per turn: the loop calls again while there is more.
  private func readEvents() {
    guard let inotify else { return }
    let events = buffer.withUnsafeMutableBytes { bytes in
      let count = read(inotify.number, bytes.baseAddress, bytes.count)
      return InotifyEvent.parse(UnsafeRawBufferPointer(rebasing: bytes.prefix(max(count, 0))))
    }
    for event in events { deliver(event) }
  }

  private func deliver(_ event: InotifyEvent) {
    if event.mask.contains(.queueOverflow) {
      for watcher in watchers.values { watcher.lostEvents() }
      return
    }
    guard let watch = watches[event.watch] else { return }
    if event.mask.contains(.ignored) { watches[event.watch] = nil }
    let always: InotifyMask = [.ignored, .unmount]
    for subscription in watch.subscriptions where !event.mask.isDisjoint(with: subscription.mask.union(always)) {
      subscription.subscriber.received(event)
    }
  }
}
