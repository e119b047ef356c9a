internal import CLinux
internal import Glibc
internal import PupBasics
internal import PupSystem

extension Keeper {
  /// "Consume stream S up to offset N", in batches. Only here do bytes leave a pipe.
  func logsReady() {
    guard let brain else { return }
    if logsBlocked {
      // Only room for answers was awaited.
      logsBlocked = false
      _ = pup_epoll_modify(logEpoll, brain.logs.descriptor, UInt32(PUP_EPOLL_IN), 0)
      answerLeftovers()
    }
    for _ in 0..<64 {
      // Requests wait in the socket while answers cannot be sent: the brain's own socket is the bound.
      guard !logsBlocked, let received = try? brain.logs.receive() else { return }
      switch received {
      case .nothing: return
      case .end:
        _ = pup_epoll_remove(logEpoll, brain.logs.descriptor)
        return
      case .packet(let packet):
        let message: LogMessage
        do throws(FormatError) {
          guard let known = try LogMessage.decoded(packet.bytes[...]) else { continue }
          message = known
        } catch {
          complain("the supervisor sent a log message of \(packet.bytes.count) bytes that is not understood: \(error)")
          continue
        }
        answer(message.items.compactMap(consume), to: brain)
      }
    }
  }

  /// Nil for a stream that is not known (any more): nobody can say what became of its bytes.
  private func consume(_ request: LogMessage.Item) -> LogMessage.Item? {
    guard let (key, which) = EntryKey.of(stream: request.key), var pipe = entries[key]?[which] else { return nil }
    var short = false
    while pipe.consumed < request.upTo {
      let moved = pup_splice_discard(pipe.descriptor, null, Int(min(request.upTo - pipe.consumed, 1 << 20)))
      guard moved > 0 else {
        // The program read its own pipe: those bytes are gone, and the count goes on as asked.
        short = true
        pipe.consumed = request.upTo
        break
      }
      pipe.consumed += UInt64(moved)
    }
    ledger.setConsumed(pipe.consumed, row: Int(pipe.row))
    entries[key]?[which] = pipe
    return LogMessage.Item(key: request.key, upTo: pipe.consumed, short: short)
  }

  private func answer(_ items: [LogMessage.Item], to brain: Brain) {
    if (try? brain.logs.send(LogMessage(items: items).encoded())) == false {
      logsBlocked = true
      for item in items { remember(item) }
      _ = pup_epoll_modify(logEpoll, brain.logs.descriptor, UInt32(PUP_EPOLL_OUT), 0)
    }
  }

  private func remember(_ item: LogMessage.Item) {
    guard let (key, which) = EntryKey.of(stream: item.key) else { return }
    entries[key]?[which]?.unanswered = OutputPipe.Answer(short: item.short)
  }

  func answerLeftovers() {
    guard let brain else { return }
    var items: [LogMessage.Item] = []
    for (key, entry) in entries {
      for which in OutputStream.allCases {
        guard let pipe = entry[which], let open = pipe.unanswered else { continue }
        items.append(LogMessage.Item(key: key.stream(which), upTo: pipe.consumed, short: open.short))
        entries[key]?[which]?.unanswered = nil
        if items.count == LogMessage.limit {
          answer(items, to: brain)
          items = []
        }
      }
    }
    if !items.isEmpty { answer(items, to: brain) }
  }
}

extension Entry {
  subscript(which: OutputStream) -> OutputPipe? {
    get { which == .standardOutput ? output : error }
    set { if which == .standardOutput { output = newValue } else { error = newValue } }
  }
}
