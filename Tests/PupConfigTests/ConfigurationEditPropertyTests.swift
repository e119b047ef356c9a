import PupConfig
import PupCore
import PupTestSupport
import Testing

/// Properties that must hold for every one of many random layouts.
@Suite struct ConfigurationEditPropertyTests {
  /// A configuration whose processes and comments are distinguishable in the text.
  private struct Layout {
    var text = ""
    var ids: [String] = []
    /// Comments, each with the process it belongs to; nil for none.
    var comments: [(mark: String, owner: String?)] = []

    init(_ random: inout SeededGenerator) {
      let newline = ["\n", "\r\n", "\r"].randomElement(using: &random) ?? "\n"
      let unit = ["  ", "    ", "\t", ""].randomElement(using: &random) ?? ""
      let quote = ["'", "\""].randomElement(using: &random) ?? "'"
      let keyQuote = ["", "'", "\""].randomElement(using: &random) ?? ""
      let isOneLine = Int.random(in: 0..<4, using: &random) == 0
      let count = Int.random(in: 0...4, using: &random)
      if Bool.random(using: &random) { text += "\u{FEFF}" }
      if !isOneLine, Bool.random(using: &random) { text += comment(nil, newline, &random) + newline }
      text += "{" + (isOneLine ? " " : newline + unit) + "\(keyQuote)processes\(keyQuote): ["
      for index in 0..<count {
        let id = "p\(index)"
        ids.append(id)
        if isOneLine {
          text += index > 0 ? " " : ["", " "].randomElement(using: &random) ?? ""
          if Int.random(in: 0..<4, using: &random) == 0 { text += block(id, &random) + " " }
        } else {
          text += newline
          for _ in 0..<Int.random(in: 0...2, using: &random) { text += newline }
          if Int.random(in: 0..<3, using: &random) == 0 {
            text += unit + unit + comment(nil, newline, &random) + newline + newline
          }
          for _ in 0..<Int.random(in: 0...2, using: &random) { text += unit + unit + comment(id, newline, &random) + newline }
          text += unit + unit
        }
        text += object(id, keyQuote, quote, isOneLine ? nil : newline + unit + unit, unit, &random)
        if !isOneLine, Int.random(in: 0..<6, using: &random) == 0 { text += " " + block(id, &random) }
        if index < count - 1 || Bool.random(using: &random) { text += "," }
        if !isOneLine, Int.random(in: 0..<3, using: &random) == 0 { text += " " + comment(id, newline, &random) }
      }
      if isOneLine {
        text += " ] }"
      } else {
        text += newline
        if Int.random(in: 0..<3, using: &random) == 0 { text += newline + unit + comment(nil, newline, &random) + newline }
        text += unit + "]" + (Bool.random(using: &random) ? "," : "") + newline + "}" + newline
      }
    }

    private mutating func mark(_ owner: String?) -> String {
      let mark = "<\(comments.count)>"
      comments.append((mark, owner))
      return mark
    }

    private mutating func block(_ owner: String?, _ random: inout SeededGenerator) -> String {
      "/* \(mark(owner)) \(["", "]", "}, {", "'", "// "].randomElement(using: &random) ?? "") */"
    }

    private mutating func comment(_ owner: String?, _ newline: String, _ random: inout SeededGenerator) -> String {
      if Int.random(in: 0..<4, using: &random) == 0 { return block(owner, &random) }
      return "// \(mark(owner)) \(["", "]", "{ id: 'x' },", "\"", "/*"].randomElement(using: &random) ?? "")"
    }

    private mutating func object(
      _ id: String, _ key: String, _ quote: String, _ lineStart: String?, _ unit: String, _ random: inout SeededGenerator
    ) -> String {
      let members = ["\(key)id\(key): \(quote)\(id)\(quote)", "\(key)cmd\(key): \(quote)true # ], } \(id)!\(quote)"]
      guard let lineStart, Bool.random(using: &random) else { return "{ " + members.joined(separator: ", ") + " }" }
      return "{" + members.map { lineStart + unit + $0 }.joined(separator: ",") + lineStart + "}"
    }
  }

  @Test(arguments: 0..<20) func anythingElseStaysWhereItWas(_ seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    for round in 0..<50 {
      let layout = Layout(&random)
      let bytes = Array(layout.text.utf8)
      let appended = try ConfigurationEdit.append(AdHocOptions.example("new"), to: bytes)
      check(appended, ids: layout.ids + ["new"], of: layout, without: nil, "append, seed \(seed), round \(round)")
      let back = try ConfigurationEdit.remove("new", from: appended)
      if layout.ids.isEmpty {
        check(back, ids: [], of: layout, without: nil, "empty again, seed \(seed), round \(round)")
      } else {
        #expect(back == bytes, "seed \(seed), round \(round):\n\(layout.text)\n->\n\(String(decoding: back, as: UTF8.self))")
      }
      for id in layout.ids {
        let removed = try ConfigurationEdit.remove(id, from: bytes)
        check(removed, ids: layout.ids.filter { $0 != id }, of: layout, without: id, "remove \(id), seed \(seed), round \(round)")
      }
    }
  }

  /// Whatever a file contains, it is either edited correctly (which the editor itself checks) or refused.
  @Test(arguments: ["minimal", "full", "escapes", "clusters", "commands", "broken", "numbers", "nested"])
  func anyTextIsEditedOrRefused(_ name: String) throws {
    let original = try ConfigurationFile.read(RepositoryFile.root + "/Fuzz/config/\(name).json5")
    var random = SeededGenerator(seed: name.utf8.reduce(3) { $0 &* 31 &+ UInt64($1) })
    for _ in 0..<80 {
      var bytes = original
      for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let token = ["\r", "\n", "\u{2028}", "// x", "/*", "*/", ",", "{", "}", "[", "]", " ", "processes: []", "'"]
          .randomElement(using: &random)
        if Bool.random(using: &random) {
          bytes.insert(contentsOf: Array((token ?? "").utf8), at: place)
        } else {
          bytes.remove(at: place)
        }
      }
      guard let appended = try? ConfigurationEdit.append(AdHocOptions.example("new-one"), to: bytes) else { continue }
      let back = try? ConfigurationEdit.remove("new-one", from: appended)
      #expect(back != nil, "\(String(decoding: bytes, as: UTF8.self))\n->\n\(String(decoding: appended, as: UTF8.self))")
    }
  }

  private func check(_ bytes: [UInt8], ids: [String], of layout: Layout, without id: String?, _ what: String) {
    let text = String(decoding: bytes, as: UTF8.self)
    let report = StubEnvironment().load(text, checkingFiles: false)
    #expect(report.configuration?.processes.map(\.id.text) == ids, "\(what):\n\(layout.text)\n->\n\(text)\n\(report.rendered())")
    for comment in layout.comments {
      // Comments of the removed process must be gone; all others must still be there.
      let isExpected = id == nil || comment.owner != id
      #expect(text.contains(comment.mark) == isExpected, "\(what): \(comment):\n\(layout.text)\n->\n\(text)")
    }
    // Whole lines of the old text in their order; only commas at their ends may come or go. Brackets all look alike.
    var old = lines(layout.text)[...]
    for line in lines(text) where !line.contains("new") && !line.contains("runme") && !line.contains("autostart") {
      guard layout.text.contains(where: { $0.isNewline }), !ids.isEmpty, !layout.ids.isEmpty else { break }
      guard let found = old.firstIndex(of: line) else {
        Issue.record("\(what): the line '\(line)' is new or moved:\n\(layout.text)\n->\n\(text)")
        return
      }
      old = old[(found + 1)...]
    }
  }

  private func lines(_ text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).map { line in
      String(line.filter { $0 != "," && $0 != " " && $0 != "\t" && $0 != "\u{FEFF}" })
    }.filter { $0.count > 1 }
  }
}
