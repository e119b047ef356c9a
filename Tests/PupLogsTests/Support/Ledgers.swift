import CLinux
import Glibc
import PupBasics
import PupSystem

@testable import PupLogs

/// The two files that the keeper holds, and which outlive every pump of a test.
final class Ledgers: Sendable {
  static let rows = 64

  let streamFile: Int32
  let sinkFile: Int32

  init() throws {
    streamFile = try check(pup_memfd("streams"), "memfd")
    sinkFile = try check(pup_memfd("sinks"), "memfd")
    try check(pup_allocate(streamFile, StreamLedger.size(rows: Self.rows)), "allocate")
  }

  deinit {
    close(streamFile)
    close(sinkFile)
  }

  func streams() throws -> StreamLedger { try StreamLedger(descriptor: streamFile, rows: Self.rows) }
  func sinks() throws -> SinkLedger { try SinkLedger(descriptor: sinkFile) }

  /// What a pump gives to its sinks.
  func context(probe: CommitProbe? = nil, foldersAbove: [String] = []) throws -> SinkContext {
    let streams = try streams()
    let sinks = try sinks()
    sinks.recover(into: streams)
    return SinkContext(streams: streams, ledger: sinks, probe: probe, foldersAbove: foldersAbove)
  }
}

/// Hands a batch of text to a sink.
func withBatch<Result>(
  _ text: some Collection<UInt8>, process: String = "web", severity: LogSeverity = .log, category: String = "stdout",
  detects: Bool = false, tone: LogTone = .ordinary, stream: LineBatch.Stream? = nil, endsOpen: Bool = false,
  at wall: Int64 = 1_000_000_000_000_000,
  boot: Int64 = 1_000_000_000, openSeverity: LogSeverity? = nil,
  _ body: (LineBatch) throws -> Result
) rethrows -> Result {
  let bytes = Array(text)
  return try bytes.withUnsafeBytes { buffer in
    try body(
      LineBatch(
        origin: LineOrigin(process: process, severity: severity, category: category, detects: detects, tone: tone), bytes: buffer,
        stream: stream,
        endsOpen: endsOpen, moment: LogMoment(wall: LogTime(microseconds: wall), boot: boot), openSeverity: openSeverity))
  }
}
