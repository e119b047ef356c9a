internal import PupAPI
internal import PupInstance
internal import PupRestClient
internal import PupSystem

/// `pup status --watch`: the table anew after each event, and now and then for what has no events.
struct StatusWatch: Sendable {
  let instance: Instance
  let view: StatusCommand.View

  private static let interval = Duration.seconds(2)
  /// Between two pictures.
  private static let pause = Duration.milliseconds(200)
  private static let changes: Set<EventName> = [
    .processStatusChanged, .processScheduled, .processScheduledTerminate, .processWatch,
  ]

  func run() throws(CommandFailure) -> Int32 {
    let usesScreen = Terminal.isInteractive && !view.isJSON
    // The screen of programs like less: what was there before comes back at the end.
    if usesScreen { Terminal.print("\u{1B}[?1049h\u{1B}[?25l") }
    defer { if usesScreen { Terminal.print("\u{1B}[?25h\u{1B}[?1049l") } }
    let failure = try AsyncWork.run { () async throws(PupError) in await follow(usesScreen) }
    if let failure { throw failure }
    return 0
  }

  private func follow(_ usesScreen: Bool) async -> CommandFailure? {
    let (wakes, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
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
    var last = ""
    for await _ in wakes {
      let (text, failure) = await picture()
      if let failure { return failure }
      if usesScreen {
        show(text)
      } else if text != last {
        last = text
        guard Terminal.tryPrint(text + (view.isJSON ? "" : "\n")) else { return nil }
      }
      guard (try? await Task.sleep(for: Self.pause)) != nil else { break }
    }
    return nil
  }

  /// A name that fits nothing ends it; an instance that does not answer may come back.
  private func picture() async -> (String, CommandFailure?) {
    do throws(PupError) {
      let processes = try await instance.client.getProcesses().map(\.status)
      do throws(CommandFailure) {
        return (view.text(of: try view.selection.of(processes)), nil)
      } catch {
        return ("", error)
      }
    } catch {
      if InstanceLock.runningPid(instance.paths) == nil { return ("", CommandFailure(0, "Pup has ended")) }
      if view.isJSON { return ("", nil) }
      return ("Pup does not answer: \(error.message); trying again\n", nil)
    }
  }

  private func show(_ text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    let height = max(Terminal.height, 2)
    if lines.count > height {
      let hidden = lines.count - height + 1
      lines = lines.prefix(height - 1) + ["… \(hidden) more; a larger window shows them"]
    }
    // Each line is overwritten, then the rest is cleared: nothing flickers.
    Terminal.print("\u{1B}[H" + lines.joined(separator: "\u{1B}[K\r\n") + "\u{1B}[K\u{1B}[J")
  }
}
