internal import Glibc
internal import PupSystem

/// A run as the keeper reported it at a take-over, with the read ends of its output; -1 where there is none.
struct FoundRun {
  var entry: InventoryEntry
  var output: Int32
  var error: Int32

  func close() {
    for descriptor in [output, error] where descriptor >= 0 { Glibc.close(descriptor) }
  }
}
