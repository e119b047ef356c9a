internal import PupBasics
internal import PupCore
internal import PupInstance
internal import PupSystem

/// Writes down what a later brain must know, before the effects that it is the cause of. Supervision goes on where it cannot;
/// only a take-over would notice.
struct Recorder {
  private let file: StateFile?
  private var hasFailed = false
  /// The header in the file is the one that is wanted.
  private var isHeaderSaved = false

  init(_ file: StateFile?) { self.file = file }

  /// - Returns: why not, the first time of several in a row.
  mutating func save(_ process: ManagedProcess) -> SystemError? {
    guard let file else { return nil }
    do throws(SystemError) {
      try file.write(process.state, slot: process.slot)
      hasFailed = false
      return nil
    } catch {
      defer { hasFailed = true }
      return hasFailed ? nil : error
    }
  }

  /// A place of which nothing may be left. One that cannot be emptied is found again by the next brain, which drops it.
  func clear(slot: Int) { try? file?.clear(slot: slot) }

  /// What the header says is no longer so.
  mutating func headerChanged() { isHeaderSaved = false }

  /// Written only where it has changed; where that fails, the next brain asks its keeper for every run.
  mutating func saveHeaderIfChanged(_ header: () -> StateHeader) {
    guard !isHeaderSaved else { return }
    try? file?.write(header())
    isHeaderSaved = true
  }
}
