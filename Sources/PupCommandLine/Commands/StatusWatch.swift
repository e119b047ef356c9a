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
    let keyboard = usesScreen ? Keyboard() : nil
    defer { keyboard?.restore() }
    let failure = try AsyncWork.run(endsByKey: keyboard != nil) { () async throws(PupError) in await follow(usesScreen) }
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
      let (text, footer, failure) = await picture()
      if let failure { return failure }
      if usesScreen {
        show(text, footer)
      } else if text != last {
        last = text
        guard Terminal.tryPrint(text + (view.isJSON ? "" : "\n")) else { return nil }
      }
      guard (try? await Task.sleep(for: Self.pause)) != nil else { break }
    }
    return nil
  }

  /// A name that fits nothing ends it; an instance that does not answer may come back.
  private func picture() async -> (text: String, footer: String, CommandFailure?) {
    do throws(PupError) {
      let processes = try await instance.client.getProcesses().map(\.status)
      do throws(CommandFailure) {
        let chosen = try view.selection.of(processes)
        return (view.text(of: chosen), view.footer(chosen), nil)
      } catch {
        return ("", "", error)
      }
    } catch {
      if InstanceLock.runningPid(instance.paths) == nil { return ("", "", CommandFailure(0, "Pup has ended")) }
      if view.isJSON { return ("", "", nil) }
      return ("Pup does not answer: \(error.message); trying again\n", "", nil)
    }
  }

  /// What fits into so many lines; the footer stays, and the rows that do not fit are counted.
  static func fitted(_ text: String, footer: String, height: Int) -> [String] {
    func lines(_ text: String) -> [String] {
      text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
    let (all, last) = (lines(text), lines(footer))
    guard all.count > height else { return all }
    let room = height - last.count - 1
    // The header and a row at least; a window as small as that has no room for more.
    guard room >= 2 else { return Array(all.prefix(max(height, 1))) }
    let hidden = all.dropLast(last.count).dropFirst(room).count { !$0.hasPrefix(Table.indent) }
    return all.prefix(room) + ["… \(hidden) more; a larger window shows them"] + last
  }

  private func show(_ text: String, _ footer: String) {
    let lines = Self.fitted(text, footer: footer, height: max(Terminal.height, 2))
    // Each line is overwritten, then the rest is cleared: nothing flickers.
    Terminal.print("\u{1B}[H" + lines.joined(separator: "\u{1B}[K\r\n") + "\u{1B}[K\u{1B}[J")
  }
}
