internal import PupSystem

/// A weak reference to an object that belongs to a loop's thread, for closures that other threads hold on their way back to it.
/// Only that thread gets the object; any other one is stopped.
struct LoopBound<Object: AnyObject>: @unchecked Sendable {
  // Unchecked: the object is reached on its loop's thread only, which each call checks; a weak reference may be copied and
  // dropped anywhere.
  private weak var object: Object?
  private let loop: EventLoop

  init(_ object: Object, to loop: EventLoop) { (self.object, self.loop) = (object, loop) }

  /// On the loop's thread. Does nothing where the object is gone.
  func callAsFunction(_ body: (Object) -> Void) {
    loop.checkIsolated()
    if let object { body(object) }
  }
}
