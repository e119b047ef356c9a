import Glibc
import PupAPI
import PupRestClient

/// Monitors a running Pup from outside: lists the processes, restarts one if asked to, and shows events until Ctrl-C.
@main struct Watch {
  static func main() async {
    let arguments = CommandLine.arguments.dropFirst()
    guard let address = arguments.first, arguments.count <= 2, let token = getenv("PUP_TOKEN") else {
      print("usage: PUP_TOKEN=$(pup token --consumer watch --expire-in 1h) watch ADDRESS [PROCESS-TO-RESTART]")
      exit(64)
    }
    do throws(PupError) {
      try await watch(address, String(cString: token), restart: arguments.dropFirst().first)
    } catch {
      print("watch: \(error.message)")
      exit(1)
    }
  }

  static func watch(_ address: String, _ token: String, restart id: String?) async throws(PupError) {
    let client = try PupRestClient(address, token)
    defer { client.close() }

    for process in try await client.getProcesses() {
      print("\(process.status.id): \(process.status.status.word), pid \(process.status.pid.map(String.init) ?? "-")")
    }

    if let id {
      let result = try await client.restart(id, wait: .seconds(30))
      print("restart of \(id): \(result.outcome.rawValue) \(result.message ?? "")")
      await report(client, id)
    }

    for await event in client.events([.processStatusChanged, .log, .terminating]) {
      defer { fflush(nil) }
      switch event {
      case .event(.processStatusChanged(let old, let new, let status), _):
        print("\(status.id): \(old?.word ?? "-") -> \(new.word) (\(status.explanation ?? ""))")
      case .event(.log(let line), _):
        print("\(line.processId): \(line.text)")
      case .event(.terminating, _):
        return print("Pup stops")
      case .event, .other: break
      case .connected: print("-- connected")
      case .disconnected(let error): print("-- \(error.message); trying again")
      case .lost(let lost): print("-- \(lost.count.map { "\($0) events" } ?? "events") missed")
      }
    }
  }

  static func report(_ client: PupRestClient, _ id: String) async {
    do {
      let process = try await client.getProcess(id)
      print("\(id): \(process.status.explanation ?? process.status.status.word)")
    } catch {
      // Every call throws `PupError` and nothing else, so `error` already has that type.
      print(error.code == .unknownProcess ? "\(id) is gone" : "watch: \(error.message)")
    }
  }
}
