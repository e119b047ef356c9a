internal import Glibc

/// A path as the kernel knows it: bytes, which need not be text.
struct RawPath: Hashable, Sendable {
  private(set) var bytes: [UInt8]

  /// "/srv/./app/../x//y" below "/" becomes "/srv/x/y"; a relative path is taken to be below `base`.
  init(_ path: String, base: String) {
    let full = path.utf8.first == UInt8(ascii: "/") ? path : "\(base)/\(path)"
    var names: [Substring.UTF8View] = []
    for name in full.utf8.split(separator: UInt8(ascii: "/")) {
      if name.elementsEqual(".".utf8) { continue }
      if name.elementsEqual("..".utf8) { _ = names.popLast() } else { names.append(name) }
    }
    bytes = names.flatMap { [UInt8(ascii: "/")] + Array($0) }
    if bytes.isEmpty { bytes = [UInt8(ascii: "/")] }
  }

  init(bytes: [UInt8]) { self.bytes = bytes }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  var names: [[UInt8]] { bytes.split(separator: UInt8(ascii: "/")).map(Array.init) }

  func appending(_ name: [UInt8]) -> RawPath {
    var joined = bytes
    if joined.last != UInt8(ascii: "/") { joined.append(UInt8(ascii: "/")) }
    joined.append(contentsOf: name)
    return RawPath(bytes: joined)
  }

  /// The directory that the path's last name is in.
  var parent: RawPath {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")), slash > 0 else { return RawPath(bytes: [UInt8(ascii: "/")]) }
    return RawPath(bytes: Array(bytes[..<slash]))
  }

  /// Where it leads, without links; what does not exist stays as it is written.
  var real: RawPath {
    if let resolved = withCString({ realpath($0, nil) }) {
      defer { free(resolved) }
      return RawPath(bytes: Array(UnsafeRawBufferPointer(start: resolved, count: strlen(resolved))))
    }
    guard let name = names.last else { return self }
    return parent.real.appending(name)
  }

  /// The path below `directory`; "" for the directory itself, nil for a path elsewhere.
  func text(below directory: RawPath) -> String? {
    let prefix = directory.bytes == [UInt8(ascii: "/")] ? [] : directory.bytes
    guard bytes.starts(with: prefix) else { return nil }
    let rest = bytes[prefix.count...]
    if rest.isEmpty { return "" }
    guard rest.first == UInt8(ascii: "/") else { return nil }
    return String(decoding: rest.dropFirst(), as: UTF8.self)
  }

  func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    (bytes + [0]).withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { characters in
        // Never empty: the terminator was appended.
        characters.baseAddress.map(body) ?? "".withCString(body)
      }
    }
  }
}
