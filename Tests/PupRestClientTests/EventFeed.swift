import PupAPI
import Synchronization

@testable import PupRestClient

/// The events of a server, and a `/events` that serves them as the contract requires.
final class EventFeed: Sendable {
  struct Entry: Sendable {
    var epoch: String
    var number: Int
    var text: String
  }

  private let entries = Mutex<[Entry]>([])

  init(_ numbers: ClosedRange<Int>, epoch: String = "e1") {
    add(numbers, epoch: epoch)
  }

  func add(_ numbers: ClosedRange<Int>, epoch: String = "e1") {
    entries.withLock { entries in
      entries += numbers.map { number in
        let payload = EventPayload.terminating(milliseconds: Int64(number))
        return Entry(epoch: epoch, number: number, text: Samples.frame(payload, id: "\(epoch)-\(number)"))
      }
    }
  }

  /// What follows `lastID`, or everything if nil. Nil if that position is not known.
  func after(_ lastID: String?) -> [Entry]? {
    entries.withLock { entries in
      guard let lastID else { return entries }
      guard let index = entries.firstIndex(where: { "\($0.epoch)-\($0.number)" == lastID }) else { return nil }
      return Array(entries[(index + 1)...])
    }
  }
}

extension PupEvent {
  /// The number of a `terminating` event from the feed.
  var feedNumber: Int? {
    if case .event(.terminating(let number), _) = self { Int(number) } else { nil }
  }

  var isLoss: Bool { if case .lost = self { true } else { false } }
}
