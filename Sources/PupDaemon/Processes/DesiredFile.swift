internal import Glibc
internal import PupCore
internal import PupInstance
internal import PupSystem

/// What operators decided and what outlives `pup run`: one line per process, `id <tab> held|- <tab> who <tab> blocked|- <tab> who`.
enum DesiredFile {
  static func write(_ states: [DesiredState], to path: String) throws(SystemError) {
    let lines = states.map { state in
      let held = state.heldBy.map { "held\t\(name($0))" } ?? "-\t-"
      let blocked = state.blockedBy.map { "blocked\t\(name($0))" } ?? "-\t-"
      return "\(state.id)\t\(held)\t\(blocked)\n"
    }
    close(try RuntimeFiles.replace(path, with: Array(lines.joined().utf8)))
  }

  /// Lines that are not understood are left out: a wrong one must not keep Pup from starting.
  static func read(_ path: String) -> [DesiredState] {
    (RuntimeFiles.text(of: path) ?? "").split(separator: "\n").compactMap { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 5, !fields[0].isEmpty else { return nil }
      return DesiredState(
        id: ProcessID(fields[0]), heldBy: fields[1] == "held" ? .consumer(fields[2]) : nil,
        blockedBy: fields[3] == "blocked" ? .consumer(fields[4]) : nil)
    }
  }

  private static func name(_ actor: PupCore.Actor) -> String {
    guard case .consumer(let name) = actor else { return "an operator" }
    return String(name.map { $0 == "\t" || $0 == "\n" ? " " : $0 })
  }
}
