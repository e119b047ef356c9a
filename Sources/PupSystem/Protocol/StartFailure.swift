internal import CLinux
internal import Glibc

/// Why one of Pup's own programs was not executed.
package struct StartFailure: Error, Hashable, Sendable {
  /// "exec", "clone", …
  package var stage: String
  package var errno: Int32

  package init(_ stage: String, errno: Int32) {
    self.stage = stage
    self.errno = errno
  }

  /// Reads what a child that has ended wrote before its exec (`pup_spawn_error`); nil if it wrote nothing.
  package init?(report: Int32) {
    var record: (stage: UInt32, error: Int32) = (0, 0)
    let size = MemoryLayout.size(ofValue: record)
    guard withUnsafeMutableBytes(of: &record, { read(report, $0.baseAddress, size) }) == size else { return nil }
    self.init(SpawnStage(rawValue: record.stage)?.word ?? "stage \(record.stage)", errno: record.error)
  }
}

extension StartFailure: CustomStringConvertible {
  package var description: String { "\(stage): \(String(cString: pup_error_text(errno)))" }
}
