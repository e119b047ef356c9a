/// What the kernel is asked for, or reports, about a watched directory (values: inotify(7), a stable interface).
struct InotifyMask: OptionSet, Hashable, Sendable {
  let rawValue: UInt32

  static let closeWrite = InotifyMask(rawValue: 0x0000_0008)
  static let movedFrom = InotifyMask(rawValue: 0x0000_0040)
  static let movedTo = InotifyMask(rawValue: 0x0000_0080)
  static let create = InotifyMask(rawValue: 0x0000_0100)
  static let delete = InotifyMask(rawValue: 0x0000_0200)
  static let deleteSelf = InotifyMask(rawValue: 0x0000_0400)
  static let moveSelf = InotifyMask(rawValue: 0x0000_0800)

  // Reported without being asked for.
  static let unmount = InotifyMask(rawValue: 0x0000_2000)
  static let queueOverflow = InotifyMask(rawValue: 0x0000_4000)
  /// The kernel has dropped the watch.
  static let ignored = InotifyMask(rawValue: 0x0000_8000)
  static let isDirectory = InotifyMask(rawValue: 0x4000_0000)

  // Flags of a request.
  static let onlyDirectory = InotifyMask(rawValue: 0x0100_0000)
  static let doNotFollow = InotifyMask(rawValue: 0x0200_0000)
  /// Nothing about files that are no longer in the directory but still open elsewhere.
  static let excludeUnlinked = InotifyMask(rawValue: 0x0400_0000)
  static let addToMask = InotifyMask(rawValue: 0x2000_0000)

  /// The directory itself was removed or renamed.
  static let ownFate: InotifyMask = [.deleteSelf, .moveSelf]
  /// Names appeared or disappeared.
  static let names: InotifyMask = [.create, .delete, .movedFrom, .movedTo]
  static let contents: InotifyMask = [.names, .closeWrite, .ownFate]
}
