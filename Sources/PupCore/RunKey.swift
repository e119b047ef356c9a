/// One run of one process. Generations count up from 1 and are never reused, not even by a later supervisor of the same instance.
package struct RunKey: Hashable, Sendable {
  package var id: ProcessID
  package var generation: UInt32

  package init(id: ProcessID, generation: UInt32) {
    self.id = id
    self.generation = generation
  }
}
