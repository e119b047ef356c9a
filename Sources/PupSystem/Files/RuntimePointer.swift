internal import Glibc
internal import PupBasics

/// What the file `.main.keep` in the temporary folder says: where the shared files are, from which boot, and whether Pup created
/// the folder it is in.
///
/// One line each: the path, in which a backslash is doubled and a line break is written as `\n`, the boot, and then words in any
/// order; an unknown line is from a later build, and is skipped.
package struct RuntimePointer: Hashable, Sendable {
  package var runtime: String
  package var bootID: String
  package var madeTemporary: Bool

  private static let made = "made"

  package init(runtime: String, bootID: String, madeTemporary: Bool) {
    self.runtime = runtime
    self.bootID = bootID
    self.madeTemporary = madeTemporary
  }

  package init?(_ text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    // A truncated line has no end.
    guard lines.popLast() == "", lines.count >= 2, PathText.isAbsolute(String(lines[0])), let path = Self.unescaped(lines[0])
    else {
      return nil
    }
    runtime = path
    bootID = String(lines[1])
    madeTemporary = lines.dropFirst(2).contains(Substring(Self.made))
  }

  package var text: String { "\(Self.escaped(runtime))\n\(bootID)\n\(madeTemporary ? Self.made + "\n" : "")" }

  private static func escaped(_ path: String) -> String {
    path.reduce(into: "") { $0 += $1 == "\\" ? "\\\\" : $1 == "\n" ? "\\n" : String($1) }
  }

  private static func unescaped(_ line: Substring) -> String? {
    var path = ""
    var rest = line[...]
    while let character = rest.popFirst() {
      guard character == "\\" else {
        path.append(character)
        continue
      }
      switch rest.popFirst() {
      case "\\": path += "\\"
      case "n": path += "\n"
      default: return nil
      }
    }
    return path
  }

  /// Nil if there is none that can be trusted.
  package static func read(in temporary: OwnFolder) -> RuntimePointer? {
    guard let bytes = try? temporary.content(InstanceFiles.pointer) else { return nil }
    return RuntimePointer(String(decoding: bytes, as: UTF8.self))
  }
}
