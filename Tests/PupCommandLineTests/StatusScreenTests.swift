import PupAPI
import Testing

@testable import PupCommandLine

@Suite struct StatusScreenTests {
  private func screen(_ rows: String) -> StatusScreen {
    var screen = StatusScreen()
    screen.show(ScreenText("TITLES\n" + rows), above: ScreenText("Pup\n"), below: "summary\n")
    return screen
  }

  private let five = "a\nb\n    why b\nc\nd\ne\n"

  @Test func whatFitsIsShownWhole() {
    var screen = screen(five)
    let lines = screen.picture(height: 10, width: 80).map(\.text)
    #expect(lines == ["Pup", "TITLES", "a", "b", "    why b", "c", "d", "e", "summary", StatusScreen.keys])
  }

  @Test func aSmallWindowScrolls() {
    var screen = screen(five)
    func rows(_ height: Int = 8) -> [String] { screen.picture(height: height, width: 80).dropFirst(2).dropLast(2).map(\.text) }
    #expect(rows() == ["a", "b", "    why b", "… 1 to 2 of 5"])
    for _ in 0..<2 { _ = screen.press(.down) }
    #expect(rows() == ["c", "d", "e", "… 3 to 5 of 5"])
    _ = screen.press(.character("j"))
    #expect(rows() == ["c", "d", "e", "… 3 to 5 of 5"], "the end is the end")
    _ = screen.press(.character("k"))
    #expect(rows() == ["b", "    why b", "c", "… 2 to 3 of 5"])
    _ = screen.press(.home)
    _ = screen.press(.pageDown)
    #expect(rows().first == "c")
    _ = screen.press(.pageUp)
    #expect(rows().first == "a")
    _ = screen.press(.end)
    #expect(rows().last == "… 3 to 5 of 5")
  }

  @Test(arguments: 2...30) func noWindowIsTooSmall(_ height: Int) {
    var screen = screen(five)
    for key in [Key.down, .pageDown, .end, .up] {
      _ = screen.press(key)
      let lines = screen.picture(height: height, width: 20)
      #expect(lines.count <= height && !lines.isEmpty && lines.allSatisfy { $0.text.count <= 20 || height > 4 })
    }
  }

  @Test func keysSortAndEnd() {
    var screen = screen(five)
    func ends(_ letter: Character) -> Bool { screen.press(.character(letter)) }
    #expect(!ends("m") && screen.order == .memory)
    #expect(!ends("C") && screen.order == .cpu)
    #expect(!ends("z") && screen.order == .cpu)
    #expect(ends("q"))
  }

  @Test(
    arguments: [
      ("j", [Key.character("j")]), ("\u{1B}[A\u{1B}[B", [.up, .down]), ("\u{1B}OA", [.up]),
      ("\u{1B}[5~\u{1B}[6~", [.pageUp, .pageDown]),
      ("\u{1B}[H\u{1B}[F\u{1B}[1~\u{1B}[4~", [.home, .end, .home, .end]), ("\u{1B}[1;5C\u{1B}[2~q", [.character("q")]),
      ("\u{1B}", []),
      ("\u{1B}[", []), ("\u{1}\u{7F}ä", []),
    ] as [(String, [Key])])
  func keysAreRead(_ typed: String, _ keys: [Key]) { #expect(Key.read(Array(typed.utf8)) == keys) }
}

@Suite struct StatusHeaderTests {
  private let now = ISODate(milliseconds: 1_795_219_200_000)

  private func header() -> StatusHeader {
    var header = StatusHeader(
      name: "shop", version: "1.2.3", condition: .running, pid: 4711,
      started: ISODate(milliseconds: now.milliseconds - 11_100_000))
    header.url = "http://127.0.0.1:49152"
    header.configuration = "/srv/shop/pup.json"
    return header
  }

  @Test func saysWhatAndWhere() {
    #expect(
      header().text(width: 100, now: now)
        == "shop: Pup 1.2.3, pid 4711, up 3h5m  http://127.0.0.1:49152  /srv/shop/pup.json\n\n")
    #expect(
      header().text(width: 60, now: now)
        == "shop: Pup 1.2.3, pid 4711, up 3h5m  http://127.0.0.1:49152\n/srv/shop/pup.json\n\n")
    var other = header()
    (other.name, other.condition) = (nil, .terminating)
    #expect(other.text(width: 100, now: now).hasPrefix("Pup 1.2.3, pid 4711, up 3h5m, TERMINATING  http"))
  }

  @Test func aNewerFileIsSaid() {
    var header = header()
    header.drift = ConfigurationDrift(
      path: "pup.json", directory: "/srv/shop", inForce: Array("{ processes: [] }".utf8),
      onDisk: Array("{ processes: [ { id: 'two', cmd: 'true' } ] }".utf8))
    #expect(
      header.text(width: 200, now: now).contains("\npup.json has changed since Pup started (added: two); to apply the file: "))
  }

  @Test func programsLearnItToo() throws {
    let drift = ConfigurationDrift(
      path: "pup.json", directory: "/srv",
      inForce: Array("{ processes: [ { id: 'web', cmd: 'a' }, { id: 'x', cmd: 'a' } ] }".utf8),
      onDisk: Array("{ processes: [ { id: 'web', cmd: 'b' } ] }".utf8))
    func value(_ id: String, _ drift: ConfigurationDrift?) throws -> JSONValue {
      let process = ProcessInformation(id: id, status: .running, updated: now)
      return try JSONValue(parsing: Array(StatusJSON(process: process, drift: drift).jsonText.utf8))
    }
    #expect(try value("web", drift)["inFile"] == "changed" && value("web", drift)["fileDiffers"] == true)
    #expect(try value("X", drift)["inFile"] == "removed" && value("web", drift)["id"] == "web")
    #expect(try value("web", nil)["inFile"] == nil)
  }
}
