internal import PupSystem

/// A run as the keeper reported it at a take-over, with the read ends of its output; nil where there is none.
struct FoundRun {
  var entry: InventoryEntry
  var output: Descriptor?
  var error: Descriptor?
}
