package import PupInstance

/// The name of a Pup's service. It is used in file names and arguments.
package struct ServiceName: Hashable, Sendable {
  package let text: String

  /// 1–64 of letters, digits and `@._-`, beginning with a letter or
  /// digit. A trailing ".service" is dropped because systemd adds it.
  package init(_ given: String) throws(InstanceError) {
    let suffix = ".service"
    let name = given.hasSuffix(suffix) ? String(given.dropLast(suffix.count)) : given
    let isKnown = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "@._-".utf8.contains(byte)
      }
    }
    let first = name.unicodeScalars.first
    // systemd treats `name@` as a template.
    guard isKnown, (1...64).contains(name.utf8.count), let first, !"@._-".unicodeScalars.contains(first), !name.hasSuffix("@")
    else {
      throw InstanceError(
        .configuration,
        "a service cannot be named '\(given)': use 1 to 64 letters, digits and @ . _ -, beginning with a letter or digit "
          + "and not ending in @; choose one with --name")
    }
    text = name
  }
}
