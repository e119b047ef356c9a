import Synchronization
import Testing

@testable import PupStore

/// The helper that other tests wait with: it must not miss what comes between its look and its wait.
@Suite(.timeLimit(.minutes(5))) struct NoticesTests {
  @Test func aNoticeThatComesWhileTheOthersAreLookedAtIsSeen() async {
    let notices = Notices()
    notices.add(.failing(.closed))
    let looks = Mutex(0)
    await notices.wait { notice in
      // Comes from another thread as a rule; here it comes at the worst moment every time.
      let isFirstLook = looks.withLock { looks in
        defer { looks += 1 }
        return looks == 0
      }
      if isFirstLook { notices.add(.recovered(dropped: 7)) }
      return notice == .recovered(dropped: 7)
    }
    #expect(notices.all.count == 2)
  }
}
