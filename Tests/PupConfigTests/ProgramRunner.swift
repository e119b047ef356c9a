import Glibc
import PupConfig

/// Runs programs to completion, to compare what they print.
enum ProgramRunner {
  struct Outcome: Hashable {
    /// 0–255, or 256 + the signal.
    var status: Int32
    var output: String
  }

  struct Failure: Error { var call: String, code: Int32 }

  /// Standard input and stderr are /dev/null. Also returns the pid of what
  /// was started. (`env` changes the folder and then becomes the program.)
  static func run(_ executable: String, _ arguments: [String], in directory: String) throws -> (pid: pid_t, outcome: Outcome) {
    var template = Array("/tmp/pup-config-output-XXXXXX".utf8CString)
    let output = mkstemp(&template)
    guard output >= 0 else { throw Failure(call: "mkstemp", code: errno) }
    defer {
      unlink(&template)
      close(output)
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, &template, O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addclose(&actions, output)
    let words = ["env", "-C", directory, "--", executable] + arguments.dropFirst()
    var vector: [UnsafeMutablePointer<CChar>?] = words.map { $0.withCString { strdup($0) } } + [nil]
    defer { for pointer in vector { free(pointer) } }
    let settings = ["PATH=/usr/bin:/bin", "HOME=/nonexistent", "LC_ALL=C", "SPACED=a  b", "STAR=*"]
    var variables: [UnsafeMutablePointer<CChar>?] = settings.map { $0.withCString { strdup($0) } } + [nil]
    defer { for pointer in variables { free(pointer) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, "/usr/bin/env", &actions, nil, &vector, &variables)
    guard code == 0 else { throw Failure(call: "posix_spawn", code: code) }
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    let result = status & 0x7F == 0 ? (status >> 8) & 0xFF : 256 + status & 0x7F
    return (pid, Outcome(status: result, output: try contents(of: output)))
  }

  private static func contents(of descriptor: Int32) throws -> String {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw Failure(call: "lseek", code: errno) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      guard count > 0 else { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
