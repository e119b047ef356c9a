internal import Glibc
internal import PupBasics
internal import PupSystem

/// Ends that nobody has asked for. The programs do not notice; the keeper learns why, and what to expect of another brain.
extension KeeperSession {
  func cannotTakeOver(_ error: any Error) -> Never {
    endIfShort(error)
    end("cannot take over: \(error)", because: error)
  }

  /// What another version has written is refused: another brain of this build would end in the same way. What is damaged may be
  /// whole for it.
  func end(_ reason: String, because error: any Error) -> Never {
    if (error as? FormatError)?.isRefusal ?? (error as? SystemError)?.isRefusal ?? false { refuse(reason) } else { fatal(reason) }
  }

  /// For what this build must not guess at: the keeper starts no other brain of it.
  func refuse(_ reason: String) -> Never { end(reason, code: BrainMessage.refusalExitCode) }

  /// For what makes this brain useless: the keeper starts another one, and the programs do not notice.
  func fatal(_ reason: String) -> Never { end(reason, code: 70) }

  private func end(_ reason: String, code: Int32) -> Never {
    send(.ending(reason: TerminalText.visibleLine(reason)))
    complain(reason)
    exit(code)
  }

  /// Before it supervises, a brain that lacks what the machine may have again soon ends; the keeper starts another one as soon as
  /// that works.
  func endIfShort(_ error: any Error) {
    guard let error = error as? SystemError, error.isShortage, readyAt == nil else { return }
    complain("\(error); ending, to be started again")
    exit(BrainMessage.shortageExitCode)
  }

  private func complain(_ text: String) {
    LastWord.say("pup-supervisor: \(TerminalText.visibleLine(text))")
  }
}
