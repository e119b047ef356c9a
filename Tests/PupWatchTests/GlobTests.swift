import PupWatch
import Testing

@Suite struct GlobTests {
  @Test(arguments: [
    ("a.ts", "a.ts"), ("*.ts", "a.ts"), ("*.ts", ".ts"), ("*", "a"), ("*", ""), ("?", "ä"), ("a?c", "abc"), ("**", "a/b/c"),
    ("**/*.*", "a.ts"), ("**/*.*", "x/y/a.ts"), ("**/*.*", "/srv/app/a.ts"), ("**/*.*", ".env"), ("**/.git/**", ".git/config"),
    ("**/.git/**", "x/.git/a/b"), ("**/.git/**", "/srv/.git/HEAD"), ("a/**/b", "a/b"), ("a/**/b", "a/x/y/b"), ("a/**", "a/x"),
    ("a**b", "a/x/b"), ("a**/b", "ax/b"), ("***", "a/b"), ("**/**/a", "a"), ("{a,b}", "a"), ("{a,b}", "b"), ("{,x}y", "y"),
    ("*.{ts,tsx}", "a.tsx"), ("{src,lib}/**/*.{js,{m,c}js}", "lib/x/a.cjs"), ("{a/,b/}**/c", "b/c"), ("x{**/a,b}", "x/a"),
    ("{**/a,b}", "a"), ("[abc].x", "b.x"), ("[a-c]", "c"), ("[!a-c]", "d"), ("[^a-c]", "d"), ("[]]", "]"), ("[!]]", "a"),
    ("[a-]", "-"), ("[\\]]", "]"), ("[\\!a]", "!"), ("[*?]", "*"), ("\\*", "*"), ("\\{a\\}", "{a}"), ("a,b", "a,b"), ("a]", "a]"),
    ("日本/*", "日本/語"), ("[あ-ん]", "の"), ("a\\\\b", "a\\b"), ("{a\\,b,c}", "a,b"), ("/srv/*/x", "/srv/app/x"),
    ("a/**/*", "a/b"), ("a/**/*", "a/b/c"), ("{a/**/*,b}c", "a/xc"), ("{a,b}**/*", "b/x"), ("**/*", "a"),
  ])
  func matches(pattern: String, path: String) throws {
    #expect(try Glob(pattern).matches(path))
  }

  @Test(arguments: [
    ("a.ts", "a.tsx"), ("a.ts", "A.ts"), ("*.ts", "x/a.ts"), ("*", "a/b"), ("?", "/"), ("?", ""), ("?", "ab"), ("a?c", "a/c"),
    ("**/*.*", "Makefile"), ("**/*.*", "x.d/Makefile"), ("**/.git/**", ".git"), ("**/.git/**", ".gitignore"),
    ("**/.git/**", "x.git/config"), ("a/**/b", "ab"), ("a/**/b", "a/xb"), ("a/**", "a"), ("a**/b", "ab"), ("**/b", "ab"),
    ("{a,b}", "c"), ("{a,b}", "ab"), ("{a,b}", ""), ("[abc]", "d"), ("[!abc]", "a"), ("[!a]", "/"), ("[a-c]", "B"), ("[a-c]", ""),
    ("\\*", "x"), ("*.{ts,tsx}", "a.ts/x"), ("{a,b/}**/c", "ac/x"), ("x{**/a,b}", "xa"), ("a/**/*", "ab"), ("a/**/*", "a"),
    ("/srv/*", "srv/a"), ("*a", "b"), ("a/*/**/*", "a/b"),
  ])
  func doesNotMatch(pattern: String, path: String) throws {
    #expect(try !Glob(pattern).matches(path))
  }

  @Test(arguments: [
    ("**/.git/**", ".git", true), ("**/.git/**", "x/.git", true), ("**/.git/**", "x/.git/hooks", true),
    ("**/.git/**", "x", false),
    ("**/.git/**", "x.git", false), ("**", "x", true), ("dist/**", "dist", true), ("dist/**", "x/dist", false),
    ("dist/**/*", "dist", true), ("dist/**/*.js", "dist", false), ("dist/*", "dist", false), ("{a/**/*,b}", "a", true),
    ("{a/**/*,b}c", "a", false),
    ("{a,b/**}", "b", true),
    ("{a,b/**}", "a", false), ("{a/**,b}", "a", true), ("/srv/x/**", "/srv/x", true), ("dist", "dist", false),
  ])
  func everythingBelow(pattern: String, directory: String, matches: Bool) throws {
    #expect(try Glob(pattern).matchesEverything(below: directory) == matches)
  }

  @Test(
    .timeLimit(.minutes(5)),
    arguments: [
      (String(repeating: "*a", count: 500), 4_000), (String(repeating: "**/", count: 300) + "x", 4_000),
      (String(repeating: "{a,aa}", count: 150), 4_000), (String(repeating: "{a*,**}", count: 140), 4_000),
      (String(repeating: "{", count: 16) + "a*,a**" + String(repeating: "}", count: 16) + "*b", 4_000),
      (String(repeating: "**", count: 500) + "b", 4_000),
    ])
  func patternsThatWouldBacktrack(pattern: String, length: Int) throws {
    let glob = try Glob(pattern)
    let path = String(repeating: "a", count: length)
    // Whoever backtracks here does not come back within the time limit.
    #expect(glob.matches(path + "c") == pattern.hasSuffix("**}"))
  }
}
