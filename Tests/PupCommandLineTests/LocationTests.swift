import Testing

@testable import PupCommandLine

@Suite struct LocationTests {
  @Test func theTemporaryFolderBesideIsOneOfPups() {
    #expect(Location.temporaryBeside("/srv/.pup/a-data") == "/srv/.pup/a-tmp")
    // Anybody may have a folder of that name.
    #expect(Location.temporaryBeside("/srv/a-data") == nil)
    #expect(Location.temporaryBeside("/srv/.pup/a") == nil)
    #expect(Location.temporaryBeside("/srv/.pup/x/a-data") == nil)
    #expect(Location.temporaryBeside("/srv/.pup/\u{301}x-data") == "/srv/.pup/\u{301}x-tmp")
    #expect(Location.temporaryBeside("-data") == nil && Location.temporaryBeside("") == nil)
  }

  @Test(arguments: [
    ("plain/a.json", "plain/a.json"), ("My Project", "'My Project'"), ("it's", "'it'\\''s'"), ("", "''"), ("a\nb", "'a\nb'"),
    ("žluť", "žluť"), ("$x", "'$x'"),
  ])
  func wordsForAShellAreQuoted(word: String, quoted: String) { #expect(ShellWord.quoted(word) == quoted) }
}
