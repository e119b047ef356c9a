internal import PupAPI
internal import Synchronization

/// The screen of `pup status --watch`: drawn by the one who looks, and by the one who types.
final class StatusDisplay: ScreenWork {
  private struct State {
    var content = StatusScreen()
    var last: Result<StatusSnapshot, PupError>?
  }

  let screen = FullScreen()
  private let view: StatusCommand.View
  private let state = Mutex(State())

  init(view: StatusCommand.View) { self.view = view }

  func show(_ answer: Result<StatusSnapshot, PupError>) {
    state.withLock { $0.last = answer }
    redraw()
  }

  func press(_ key: Key) -> Bool {
    if state.withLock({ $0.content.press(key) }) { return true }
    redraw()
    return false
  }

  func redraw() {
    let lines = state.withLock { state -> [ScreenText] in
      let height = max(Terminal.height, 2)
      switch state.last {
      case nil: return []
      case .failure(let error): return [ScreenText(StatusWatch.silence(error).visibleLine)]
      case .success(let snapshot):
        let table = view.table(snapshot, order: state.content.order)
        state.content.show(table, above: view.header(snapshot), below: view.footer(snapshot))
        return state.content.picture(height: height, width: Terminal.width ?? 80)
      }
    }
    screen.draw(lines)
  }
}
