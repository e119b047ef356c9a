/// Receives the events of a watched directory. Called on the hub's loop.
protocol InotifySubscriber: AnyObject {
  /// Events that were requested, and those that always come: the end of the watch (`ignored`), and of the file system
  /// (`unmount`). May come late, for a watch that the subscriber has already given up: compare `event.watch`.
  func received(_ event: InotifyEvent)
}
