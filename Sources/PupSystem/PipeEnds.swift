internal import CLinux

/// A new pipe; both ends are close-on-exec.
package struct PipeEnds: Sendable {
  package let read: Descriptor
  package let write: Descriptor

  package init(read: Descriptor, write: Descriptor) { (self.read, self.write) = (read, write) }

  package init(isBlocking: Bool) throws(SystemError) {
    var (read, write): (Int32, Int32) = (-1, -1)
    try check(pup_pipe(&read, &write, !isBlocking), "pipe2")
    (self.read, self.write) = (Descriptor(read), Descriptor(write))
  }
}
