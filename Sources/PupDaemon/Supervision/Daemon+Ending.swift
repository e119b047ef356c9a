internal import Glibc
internal import PupBasics
internal import PupCore
internal import PupLogs
internal import PupSystem

/// Ends that nobody has asked for. The programs do not notice; the keeper learns why, and what to expect of another brain.
extension Daemon {
  /// A message of the keeper's that is not understood. While this brain supervises, each run is on its own; before, and while a
  /// new keeper takes its runs over, everything waits for what the message said.
  func misread(_ error: FormatError, _ count: Int) {
    let what = "a message of \(count) bytes"
    guard isTakingOver else { return misunderstood(what, error) }
    end("the keeper sent \(what) that is not understood: \(error)", because: error)
  }

  private var isTakingOver: Bool {
    switch phase {
    case .greeting, .inventory, .adopting: true
    // The new keeper has not got everything from this brain yet.
    case .supervising: freshLogSocket != nil
    case .leaving: false
    }
  }

  func cannotTakeOver(_ error: any Error) -> Never {
    endIfShort(error)
    end("cannot take over: \(error)", because: error)
  }

  /// What another version has written is refused: another brain of this build would end in the same way. What is damaged may be
  /// whole for it.
  private func end(_ reason: String, because error: any Error) -> Never {
    if (error as? FormatError)?.isRefusal ?? (error as? SystemError)?.isRefusal ?? false { refuse(reason) } else { fatal(reason) }
  }

  /// For what this build must not guess at: the keeper starts no other brain of it.
  func refuse(_ reason: String) -> Never { end(reason, code: BrainMessage.refusalExitCode) }

  /// For what makes this brain useless: the keeper starts another one, and the programs do not notice.
  func fatal(_ reason: String) -> Never { end(reason, code: 70) }

  private func end(_ reason: String, code: Int32) -> Never {
    link?.send(.ending(reason: TerminalText.visibleLine(reason)))
    complain(reason)
    exit(code)
  }

  /// Before it supervises, a brain that lacks what the machine may have again soon ends; the keeper starts another one as soon as
  /// that works.
  func endIfShort(_ error: any Error) {
    guard let error = error as? SystemError, error.isShortage, !isReady else { return }
    complain("\(error); ending, to be started again")
    exit(BrainMessage.shortageExitCode)
  }

  private func complain(_ text: String) {
    LastWord.say("pup-supervisor: \(TerminalText.visibleLine(text))")
  }
}
