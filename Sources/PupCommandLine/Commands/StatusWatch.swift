internal import PupAPI
internal import PupInstance
internal import PupRestClient
internal import PupSystem

/// `pup status --watch`: the table anew after each event, and now and then for what has no events.
struct StatusWatch: Sendable {
  let instance: Instance
  let location: Location
  let view: StatusCommand.View

  private static let interval = Duration.seconds(2)
  /// Between two pictures.
  private static let pause = Duration.milliseconds(200)
  private static let changes: Set<EventName> = [
    .processStatusChanged, .processFlagChanged, .processScheduled, .processScheduledTerminate, .processWatch,
  ]

  func run() throws(CommandFailure) -> Int32 {
    let (wakes, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let display = Terminal.isInteractive && !view.isJSON ? StatusDisplay(view: view) : nil
    let failure = try AsyncWork.run(display: display) { () async throws(PupError) in
      await follow(display, wakes, waker)
    }
    if let failure { throw failure }
    return 0
  }

  private func follow(
    _ display: StatusDisplay?, _ wakes: AsyncStream<Void>, _ waker: AsyncStream<Void>.Continuation
  ) async -> CommandFailure? {
    let events = Task {
      for await event in instance.client.events(Self.changes) {
        if case .disconnected(_) = event { continue }
        waker.yield()
      }
    }
    let clock = Task {
      while !Task.isCancelled {
        try await Task.sleep(for: Self.interval)
        instance.refreshToken()
        waker.yield()
      }
    }
    defer {
      events.cancel()
      clock.cancel()
    }
    waker.yield()
    var last: [UInt8] = []
    for await _ in wakes {
      switch await look() {
      case .failure(let failure): return failure
      case .success(let answer):
        if let display {
          display.show(answer)
        } else {
          let text = text(of: answer)
          guard text.bytes == last || Terminal.write(text) else { return nil }
          last = text.bytes
        }
      }
      guard (try? await Task.sleep(for: Self.pause)) != nil else { break }
    }
    return nil
  }

  /// Where there is no screen: one table after the other.
  private func text(of answer: Result<StatusSnapshot, PupError>) -> ScreenText {
    guard case .success(let snapshot) = answer else {
      if case .failure(let error) = answer, !view.isJSON { return ScreenText(Self.silence(error)) }
      return ScreenText()
    }
    if view.isJSON { return view.json(snapshot) }
    var text = view.table(snapshot)
    text.add("\n")
    return text
  }

  static func silence(_ error: PupError) -> String { "Pup does not answer: \(error.message); trying again\n" }

  /// A name that fits nothing ends it; an instance that does not answer may come back.
  private func look() async -> Result<Result<StatusSnapshot, PupError>, CommandFailure> {
    // A keeper that was replaced has another number.
    let keeper = InstanceLock.runningPid(instance.paths)
    var instance = instance
    instance.keeper = keeper ?? instance.keeper
    do throws(PupError) {
      let snapshot = try await StatusSnapshot.take(instance, location)
      do throws(CommandFailure) {
        var chosen = snapshot
        chosen.processes = try view.selection.of(snapshot.processes)
        return .success(.success(chosen))
      } catch {
        return .failure(error)
      }
    } catch {
      if InstanceLock.runningPid(instance.paths) == nil { return .failure(Instance.farewell(location)) }
      return .success(.failure(error))
    }
  }
}
