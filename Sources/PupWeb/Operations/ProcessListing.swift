internal import PupAPI

/// The processes at one moment, for all requests that share the answer: written out at most once. Belongs to the loop's thread
/// after it was made.
final class ProcessListing: @unchecked Sendable {
  let entries: [ProcessEntry]
  private(set) lazy var content = CallContent.data(entries)

  init(_ entries: [ProcessEntry]) { self.entries = entries }
}
