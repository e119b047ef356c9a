internal import CLinux
internal import Glibc
internal import PupTestSupport

/// The channel to the test brain: two FIFOs, held open here, so that brains may come and go.
final class Channel {
  let commands: String
  let answers: String
  private let input: Int32
  private let output: Int32
  private var pending: [UInt8] = []
  private var lines: [String] = []
  private var next = 1

  init(commands: String, answers: String) throws {
    self.commands = commands
    self.answers = answers
    guard mkfifo(commands, 0o600) == 0, mkfifo(answers, 0o600) == 0 else { throw Failure("mkfifo \(commands): errno \(errno)") }
    input = pup_open(commands, O_RDWR | O_NONBLOCK, 0)
    output = pup_open(answers, O_RDWR | O_NONBLOCK, 0)
  }

  deinit {
    close(input)
    close(output)
  }

  /// Returns the command's number.
  func send(_ command: String) throws -> Int {
    let number = next
    next += 1
    let bytes = Array("\(number) \(command)\n".utf8)
    guard write(input, bytes, bytes.count) == bytes.count else { throw Failure("the test brain takes no commands") }
    return number
  }

  /// The next line for which `isWanted` is true; others are left in place. Nil if none came in time.
  func line(until deadline: Deadline, where isWanted: (String) -> Bool) -> String? {
    while true {
      if let index = lines.firstIndex(where: isWanted) { return lines.remove(at: index) }
      var ready = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      guard poll(&ready, 1, deadline.milliseconds) > 0 else { return nil }
      receive()
    }
  }

  private func receive() {
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    let count = read(output, &chunk, chunk.count)
    guard count > 0 else { return }
    pending += chunk[..<count]
    while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
      lines.append(String(decoding: pending[..<end], as: UTF8.self))
      pending.removeSubrange(...end)
    }
  }
}
