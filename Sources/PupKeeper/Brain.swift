internal import PupSystem

/// A brain process and the two sockets to it.
final class Brain {
  let pid: Int32
  let pidfd: Int32
  let control: PacketSocket
  let logs: PacketSocket
  /// False for a brain that survived its keeper.
  let isChild: Bool
  let startedAt: Int64
  /// CLOCK_MONOTONIC: time asleep is not silence.
  var lastBeat: Int64
  var greeted = false
  /// It has taken over and supervises.
  var isReady = false
  /// The runs that the inventory still has to name.
  var inventoryQueue: [EntryKey] = []
  var inventoryChunk: UInt32 = 0
  var inventoryDone = false
  /// A chunk did not fit into the socket.
  var chunkBlocked = false
  /// When a brain that does not beat was told to abort.
  var abortedAt: Int64?
  /// It was asked to make way for a successor, at this time.
  var yieldingSince: Int64?
  /// It has said `exit`: its death ends the keeper with this code.
  var farewell: Int32?
  var toldTerminate = 0

  init(pid: Int32, pidfd: Int32, control: PacketSocket, logs: PacketSocket, isChild: Bool, now: Int64) {
    self.pid = pid
    self.pidfd = pidfd
    self.control = control
    self.logs = logs
    self.isChild = isChild
    startedAt = now
    lastBeat = now
  }
}
