/// One process, identified for good. Its pid alone may belong to another once it has ended.
package struct ProcessIdentity: Hashable, Sendable {
  package let pid: Int32
  /// Clock ticks after boot.
  package let startTime: UInt64

  package init(pid: Int32, startTime: UInt64) { (self.pid, self.startTime) = (pid, startTime) }

  /// Nil for a process that is gone, or a zombie.
  package init?(pid: Int32) {
    guard let stat = ProcFiles.stat(of: pid), stat.isAlive else { return nil }
    self.init(pid: pid, startTime: stat.startTime)
  }

  package var isAlive: Bool { ProcessIdentity(pid: pid) == self }

  /// Whether the pid still belongs to this process, which may be a zombie.
  package var isThere: Bool { ProcFiles.stat(of: pid)?.startTime == startTime }

  package func signal(_ signal: Int32) { CheckedSignal.send(signal, to: pid) { isAlive } }
}

extension ProcFiles.Stat {
  package var isAlive: Bool { state != UInt8(ascii: "Z") && state != UInt8(ascii: "X") }
}
