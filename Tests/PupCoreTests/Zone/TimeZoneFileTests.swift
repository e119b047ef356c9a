import PupCore
import PupTestSupport
import Testing

@Suite struct TimeZoneFileTests {
  private static let berlin = TimeZoneFile(
    changes: [(100_000, 1), (200_000, 0), (300_000, 1)], offsets: [3600, 7200], footer: "CET-1CEST,M3.5.0,M10.5.0/3")

  @Test(arguments: [UInt8(0), 0x32, 0x33, 0x34])
  func readsEveryVersion(version: UInt8) throws {
    var file = Self.berlin
    file.version = version
    let zone = try TimeZoneRules(name: "x", tzif: file.bytes)
    #expect([99_999, 100_000, 199_999, 200_000, 299_999].map(zone.offset) == [3600, 7200, 7200, 3600, 3600])
    #expect(zone.nextChange(after: 0) == 100_000)
    #expect(zone.nextChange(after: 100_000) == 200_000)
  }

  @Test func theRuleGoesOnWhereTheTableEnds() throws {
    let zone = try TimeZoneRules(name: "x", tzif: Self.berlin.bytes)
    let summer = WallTime(2040, 7, 1).seconds
    #expect(zone.offset(at: summer) == 7200)
    #expect(zone.nextChange(after: summer) == WallTime(2040, 10, 28, 1).seconds)
    var old = Self.berlin
    old.version = 0
    let table = try TimeZoneRules(name: "x", tzif: old.bytes)
    #expect(table.nextChange(after: 300_000) == nil)
    #expect(table.offset(at: summer) == 7200)
  }

  @Test func changesToTheSameOffsetAreNoChange() throws {
    let file = TimeZoneFile(changes: [(100, 0), (200, 1), (300, 2)], offsets: [0, 60, 60])
    let zone = try TimeZoneRules(name: "x", tzif: file.bytes)
    #expect(zone.nextChange(after: 0) == 200)
    #expect(zone.nextChange(after: 200) == nil)
  }

  @Test func aBigBangIsNoTrouble() throws {
    let file = TimeZoneFile(changes: [(-1 << 59, 1), (100, 0)], offsets: [0, 3600])
    let zone = try TimeZoneRules(name: "x", tzif: file.bytes)
    #expect(zone.offset(at: -1 << 40) == 3600)
    #expect(zone.resolve(local: 0) == .once(-3600))
  }

  @Test func everyTruncationIsAnError() {
    let bytes = Self.berlin.bytes
    for length in 0..<bytes.count {
      #expect(throws: TimeZoneError.self, "\(length) bytes") { try TimeZoneRules(name: "x", tzif: Array(bytes.prefix(length))) }
    }
  }

  @Test func damageIsNamed() {
    func error(_ change: (inout TimeZoneFile) -> Void) -> TimeZoneError? {
      var file = Self.berlin
      change(&file)
      return #expect(throws: TimeZoneError.self) { try TimeZoneRules(name: "x", tzif: file.bytes) }
    }
    #expect(error { $0.changes = [(100, 7)] } == .damaged(what: "a change to an offset that is not listed"))
    #expect(error { $0.changes = [(200, 0), (100, 1)] } == .damaged(what: "its changes are not in order"))
    #expect(error { $0.offsets = [] } == .damaged(what: "it has no offsets"))
    #expect(error { $0.offsets = [3600, 200_000] } == .damaged(what: "an offset of more than a day"))
    #expect(error { $0.leapSeconds = [(100, 1)] } == .countsLeapSeconds)
    #expect(error { $0.footer = "CET" } == .badFooter("CET"))
    #expect(error { $0.version = 7 } == .damaged(what: "unknown version 7"))
    #expect(throws: TimeZoneError.empty) { try TimeZoneRules(name: "x", tzif: []) }
    #expect(throws: TimeZoneError.notTimeZoneData) { try TimeZoneRules(name: "x", tzif: Array("#!/bin/sh".utf8)) }
    #expect(throws: TimeZoneError.tooLarge(bytes: 2_000_000)) {
      try TimeZoneRules(name: "x", tzif: .init(repeating: 0, count: 2_000_000))
    }
  }

  @Test func randomBytesNeverCrash() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<20_000 {
      var bytes = Self.berlin.bytes
      for _ in 0...Int.random(in: 0..<6, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      guard let zone = try? TimeZoneRules(name: "x", tzif: bytes) else { continue }
      let local = Int.random(in: -1 << 40..<1 << 40, using: &generator)
      switch zone.resolve(local: local) {
      case .once(let instant): #expect(instant + zone.offset(at: instant) == local)
      case .skipped(let gapEnds): #expect(zone.offset(at: gapEnds) > zone.offset(at: gapEnds - 1))
      case .repeated(let first, let second, _):
        #expect(first < second)
        #expect(first + zone.offset(at: first) == local)
      }
    }
  }

  @Test(arguments: [
    ("Europe/Berlin", 2026, 7, 1, 7200), ("Europe/Berlin", 2026, 1, 1, 3600), ("America/New_York", 2060, 7, 1, -14_400),
    ("Australia/Lord_Howe", 2026, 1, 1, 39_600), ("Australia/Lord_Howe", 2026, 7, 1, 37_800),
    ("Asia/Kathmandu", 2026, 1, 1, 20_700),
    ("America/Sao_Paulo", 2010, 1, 1, -7200), ("America/Sao_Paulo", 2030, 1, 1, -10_800), ("Pacific/Apia", 2011, 12, 29, -36_000),
    ("Pacific/Apia", 2011, 12, 31, 50_400), ("Europe/Dublin", 2026, 1, 1, 0), ("Europe/Dublin", 2050, 7, 1, 3600),
  ])
  func realZonesKeepTheirHours(name: String, year: Int, month: Int, day: Int, offset: Int) throws {
    // Without tzdata there is nothing to compare with; the rules themselves are tested above.
    guard let bytes = Zones.file(name) else { return }
    let zone = try TimeZoneRules(name: name, tzif: bytes)
    #expect(zone.offset(at: WallTime(year, month, day, 12).seconds) == offset)
  }

  @Test(arguments: [("Europe/Berlin", Zones.berlin), ("America/New_York", Zones.newYork), ("Pacific/Auckland", Zones.auckland)])
  func theFileAgreesWithItsRule(name: String, rule: TimeZoneRules) throws {
    guard let bytes = Zones.file(name) else { return }
    let zone = try TimeZoneRules(name: name, tzif: bytes)
    var time = WallTime(2020, 1, 1).seconds
    while let next = zone.nextChange(after: time), next < WallTime(2080, 1, 1).seconds {
      #expect(rule.nextChange(after: time) == next)
      #expect(rule.offset(at: next) == zone.offset(at: next))
      time = next
    }
    #expect(time > WallTime(2079, 1, 1).seconds)
  }
}
