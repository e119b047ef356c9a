import CLinux
import Glibc
import Synchronization

@testable import PupSystem

/// A pipe that closes itself.
final class Pipe: Sendable {
  let readEnd: Int32
  let writeEnd: Int32

  init() throws {
    var (read, write): (Int32, Int32) = (-1, -1)
    try check(pup_pipe(&read, &write, true), "pipe2")
    (readEnd, writeEnd) = (read, write)
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  func write(_ text: String) { _ = Glibc.write(writeEnd, text, text.utf8.count) }
}

/// Registrations that a handler has to reach.
final class Registrations: Sendable {
  private let storage = Mutex<[Registration]>([])

  func add(_ registration: Registration) { storage.withLock { $0.append(registration) } }
  var first: Registration { storage.withLock { $0[0] } }

  func removeAll(from loop: EventLoop) {
    for registration in storage.withLock({ $0 }) { loop.deregister(registration) }
  }
}
