import Glibc
import PupAPI
import PupRestClient

/// A program to run under Pup: reports its memory and answers "ping" from any other program. Without Pup it runs, too,
/// and says so.
@main struct Worker {
  static func main() async {
    let telemetry = PupTelemetry(interval: .seconds(5))
    if case .inactive(let reason) = telemetry.status { print("nothing is reported: \(reason)") }
    fflush(nil)

    telemetry.on("ping") { [weak telemetry] message in
      let sender = message.sender.hasPrefix("telemetry-") ? String(message.sender.dropFirst("telemetry-".count)) : message.sender
      do throws(PupError) {
        try await telemetry?.emit(sender, "pong", message.eventData)
      } catch {
        print("no answer to \(sender): \(error.message)")
      }
    }

    while !Task.isCancelled {
      try? await Task.sleep(for: .seconds(60))
      print("still here; reports: \(telemetry.status)")
      fflush(nil)
    }
    telemetry.close()
  }
}
