import Testing

@testable import PupWatch

@Suite struct WatchFilterTests {
  private func name(_ belowRoot: String, root: String = "/srv/app/src", base: String = "/srv/app") -> WatchedName {
    let absolute = "\(root)/\(belowRoot)"
    return WatchedName(
      belowRoot: belowRoot, belowBase: absolute.hasPrefix(base + "/") ? String(absolute.dropFirst(base.count + 1)) : nil,
      absolute: absolute)
  }

  @Test(arguments: [
    ("a.ts", true), ("x/a.json", true), ("a.py", false), ("ts", false), ("ats", false), ("x.ts/a", false), (".git/a.js", false),
    ("x/.git/a.js", false), (".gitx/a.js", true), (".ts", true),
  ])
  func defaults(path: String, counts: Bool) throws {
    #expect(try WatchFilter(WatchOptions()).counts(name(path)) == counts)
  }

  @Test(arguments: [["*"], []])
  func everyExtension(extensions: [String]) throws {
    let filter = try WatchFilter(WatchOptions(extensions: extensions, match: []))
    #expect(filter.counts(name("Makefile")))
    #expect(filter.counts(name("a.py")))
    #expect(!filter.counts(name(".git/HEAD")))
  }

  @Test func extensionsMayHaveDots() throws {
    let filter = try WatchFilter(WatchOptions(extensions: [".py", "d.ts"]))
    #expect(filter.counts(name("a.py")))
    #expect(filter.counts(name("a.d.ts")))
    #expect(!filter.counts(name("a.ts")))
  }

  @Test(arguments: ["lib/*.ts", "src/lib/*.ts", "/srv/app/src/lib/*.ts", "**/app/**/*.ts"])
  func matchKnowsEveryNameOfAFile(pattern: String) throws {
    #expect(try WatchFilter(WatchOptions(match: [pattern])).counts(name("lib/a.ts")))
    #expect(try !WatchFilter(WatchOptions(match: [pattern])).counts(name("a.tsx")))
  }

  @Test(arguments: [
    ("lib/**", true), ("src/lib/**", true), ("/srv/app/src/lib/**", true), ("**/app/**", false), ("/srv/x/**", false),
  ])
  func skipKnowsThePlaceOfTheProjectOnlyWhenItIsWrittenInFull(pattern: String, skips: Bool) throws {
    let filter = try WatchFilter(WatchOptions(skip: [pattern]))
    #expect(filter.counts(name("lib/a.ts")) == !skips)
    #expect(filter.skipsDirectory(name("lib")) == skips)
  }

  @Test(arguments: [
    ("**/node_modules/**", "node_modules", true), ("**/node_modules/**", "x/node_modules", true),
    ("**/node_modules", "x/node_modules", true), ("node_modules/*", "node_modules", false), ("**/*.js", "x.js", true),
    ("**/node_modules/**", "x", false),
  ])
  func skippedDirectories(pattern: String, directory: String, skips: Bool) throws {
    #expect(try WatchFilter(WatchOptions(skip: [pattern])).skipsDirectory(name(directory)) == skips)
  }

  @Test func aPatternThatSkipsTheWholeWatchedPathIsFound() throws {
    let root = WatchedName(belowRoot: "", belowBase: "src", absolute: "/srv/app/src")
    #expect(try WatchFilter(WatchOptions(skip: ["x", "src/**"])).patternSkippingAll(below: root) == "src/**")
    #expect(try WatchFilter(WatchOptions(skip: ["/srv/**"])).patternSkippingAll(below: root) == "/srv/**")
    #expect(try WatchFilter(WatchOptions()).patternSkippingAll(below: root) == nil)
  }

  @Test func aBrokenPatternIsRefused() {
    #expect(throws: GlobError.self) { try WatchFilter(WatchOptions(skip: ["{"])) }
    #expect(throws: GlobError.self) { try WatchFilter(WatchOptions(match: ["["])) }
  }
}
