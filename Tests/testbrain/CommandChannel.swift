internal import CLinux
internal import Glibc
internal import PupCore
internal import PupDaemon
internal import PupSystem

/// Lines in, lines out: what a test asks of the daemon. Lives on the control loop; only the answers' descriptor is used
/// elsewhere.
final class CommandChannel: @unchecked Sendable {
  private let daemon: Daemon
  private let commands: String
  private let answers: Answers
  private var descriptor: Int32 = -1
  private var pending: [UInt8] = []

  init(_ daemon: Daemon, commands: String, answers: String) {
    self.daemon = daemon
    self.commands = commands
    self.answers = Answers(path: answers)
  }

  /// The loop keeps the channel alive from here on. A brain that may still be refused must not take what is meant for the one in
  /// charge: it opens the channel once it supervises.
  func open(isStandby: Bool) {
    guard isStandby else { return open() }
    daemon.statuses { [self] statuses in
      guard statuses.isEmpty else { return open() }
      _ = daemon.loop.schedule(at: pup_clock_now(PUP_CLOCK_BOOTTIME) + 2_000_000) { self.open(isStandby: true) }
    }
  }

  private func open() {
    // Open for writing too, so that it is never at its end.
    descriptor = pup_open(commands, O_RDWR | O_NONBLOCK, 0)
    guard descriptor >= 0 else { return }
    _ = try? daemon.loop.register(descriptor, .read) { _ in self.receive() }
    answers.write("started \(getpid())")
  }

  private func receive() {
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &chunk, chunk.count)
    guard count > 0 else { return }
    pending += chunk[..<count]
    while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
      let words = String(decoding: pending[..<end], as: UTF8.self).split(separator: " ").map(String.init)
      pending.removeSubrange(...end)
      if words.count >= 2 { perform(words) }
    }
  }

  private func perform(_ words: [String]) {
    let (number, word, target) = (words[0], words[1], words.count > 2 ? words[2] : "all")
    let actions: [String: Command.Action] = [
      "start": .start, "stop": .stop, "restart": .restart, "block": .block, "unblock": .unblock,
    ]
    let answers = answers
    switch word {
    case "status":
      daemon.statuses { statuses in
        for status in statuses where target == "all" || status.id == ProcessID(target) {
          answers.write("\(number) \(Self.line(status))")
        }
        answers.write("\(number) end")
      }
    case "await": answerOnce(target, words.count > 3 ? words[3] : "", number)
    case "hang": hang(target)
    case "keep", "drop", "kept": keep(word, target, number)
    default:
      guard let action = actions[word] else { return answers.write("\(number) refused \(word) is no command") }
      let target: Command.Target = target == "all" ? .all : .one(ProcessID(target))
      daemon.submit(action, target, actor: .consumer("tester")) { answers.write("\(number) \(Self.line($0))") }
    }
  }

  /// Answers when the process (each one, for `all`) is in the state; any state will do for "".
  private func answerOnce(_ target: String, _ state: String, _ number: String) {
    daemon.statuses { [self] statuses in
      let wanted = statuses.filter { target == "all" || $0.id == ProcessID(target) }
      if !wanted.isEmpty, wanted.allSatisfy({ state.isEmpty || $0.state.word == state }) {
        return answers.write("\(number) reached")
      }
      _ = daemon.loop.schedule(at: pup_clock_now(PUP_CLOCK_BOOTTIME) + 2_000_000) { self.answerOnce(target, state, number) }
    }
  }

  /// `hang` stops the control loop, `hang THREAD` another one, and makes the control loop lose patience sooner.
  private func hang(_ thread: String) {
    guard thread != "all" else { while true { pause() } }
    daemon.assumeIsolated { daemon in
      daemon.loopLimits.report = 1_000_000_000
      daemon.loopLimits.end = 2_000_000_000
      daemon.otherLoops.first { $0.loop.name == thread }?.loop.post { while true { pause() } }
    }
  }

  /// `keep NAME` makes a socket that the keeper holds, `drop NAME` lets it go; each answers with what is kept: `NAME=INODE …`.
  private func keep(_ word: String, _ name: String, _ number: String) {
    daemon.assumeIsolated { daemon in
      if word == "keep" {
        let listener = Descriptor(socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0))
        guard daemon.keep(listener, name: name) else { return answers.write("\(number) refused") }
      } else if word == "drop" {
        daemon.drop(name: name)
      }
      // The interface's own sockets are not the test's.
      let all = daemon.kept.filter { !$0.key.hasPrefix("api.") }.sorted { $0.key < $1.key }.map { name, descriptor in
        var identity = pup_file_identity()
        _ = pup_identity(descriptor.number, &identity)
        return "\(name)=\(identity.inode)"
      }
      answers.write("\(number) \(all.joined(separator: " "))")
    }
  }

  private static func line(_ answer: CommandAnswer) -> String {
    switch answer {
    case .accepted: "accepted"
    case .unchanged(let why): "unchanged \(why.words)"
    case .unknownProcess(let name): "unknown \(name)"
    case .refused(let obstacle): "refused \(obstacle.words)"
    }
  }

  /// `id=web state=running …`, the explanation last because it holds blanks.
  private static func line(_ status: ProcessStatus) -> String {
    let exit =
      switch status.lastExit {
      case .exited(let code)?: "\(code)"
      case .signaled(let signal, _)?: "signal-\(signal)"
      case .unknown?: "unknown"
      case nil: "-"
      }
    return
      "id=\(status.id) state=\(status.state.word) pid=\(status.pid ?? 0) restarts=\(status.restarts) blocked=\(status.blocked) "
      + "held=\(status.heldByOperator) exit=\(exit) explanation=\(status.explanation)"
  }
}
