internal import PupSystem

/// Any bytes as a packet of either socket. What can be read must mean the same once it is written again.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  if let message = try? BrainMessage.decoded(bytes[...]) {
    precondition((try? BrainMessage.decoded(message.encoded()[...])) == message, "a brain's message changes when written")
  }
  if let message = try? KeeperMessage.decoded(bytes[...]) {
    precondition((try? KeeperMessage.decoded(message.encoded()[...])) == message, "a keeper's message changes when written")
  }
  if let message = try? LogMessage.decoded(bytes[...]) {
    precondition((try? LogMessage.decoded(message.encoded()[...])) == message, "a log message changes when written")
    for item in message.items {
      guard let (entry, which) = EntryKey.of(stream: item.key), entry.slot < EntryKey.slotLimit else { continue }
      precondition(entry.stream(which) == item.key, "a stream's key changes when written")
    }
  }
  return 0
}
