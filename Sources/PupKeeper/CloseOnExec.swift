internal import CLinux
internal import PupSystem

/// Which descriptors an exec carries over. The calls fail only for numbers that are not open.
enum CloseOnExec {
  static func set(_ descriptors: [Int32]) {
    for descriptor in descriptors { _ = pup_set_cloexec(descriptor, true) }
  }

  static func clear(_ descriptors: [Int32]) {
    for descriptor in descriptors { _ = pup_set_cloexec(descriptor, false) }
  }
}
