/// The way from "/" to a watched path at one moment: what has to be watched to notice that the path means something else.
///
/// A directory in between reports by itself when it is renamed or removed. It is watched for its names only if one of them can
/// silently become something else: a symbolic link, the last name, and the first name that is not there (yet).
struct RootChain: Hashable, Sendable {
  struct Link: Hashable, Sendable {
    var directory: RawPath
    var names: Set<[UInt8]>
  }

  enum End: Hashable, Sendable {
    case missing
    case directory(FileIdentity)
    case file(FileIdentity)
  }

  private(set) var links: [Link] = []
  private(set) var end = End.missing

  init(to path: RawPath) {
    guard walk(path) else { return }
    guard let identity = FileIdentity(at: path, follow: true) else { return }
    end = identity.kind == .directory ? .directory(identity) : .file(identity)
    // A link to a file: its content is changed where the file really is.
    guard case .file = end else { return }
    let real = path.real
    if real != path { add(real.parent, [real.names.last ?? []]) }
  }

  var endsAtFile: Bool { if case .file = end { true } else { false } }

  /// Whether another walk found the same way, so that nothing was missed while the watches were set up.
  func leadsTheSameWay(as other: RootChain) -> Bool {
    guard links == other.links else { return false }
    switch (end, other.end) {
    case (.missing, .missing): return true
    case (.directory(let one), .directory(let another)), (.file(let one), .file(let another)): return one.isSameFile(as: another)
    case (.missing, _), (.directory, _), (.file, _): return false
    }
  }

  /// Whether the way leads to the end of the path.
  private mutating func walk(_ path: RawPath) -> Bool {
    var directory = RawPath(bytes: [UInt8(ascii: "/")])
    let names = path.names
    for (index, name) in names.enumerated() {
      let next = directory.appending(name)
      let identity = FileIdentity(at: next, follow: false)
      let isLast = index == names.count - 1
      let isPlainDirectory = identity?.kind == .directory && !isLast
      add(directory, isPlainDirectory ? [] : [name])
      guard let identity, isLast || identity.kind == .directory || identity.kind == .link else { return false }
      directory = next
    }
    return true
  }

  private mutating func add(_ directory: RawPath, _ names: Set<[UInt8]>) {
    if let index = links.firstIndex(where: { $0.directory == directory }) {
      links[index].names.formUnion(names)
    } else {
      links.append(Link(directory: directory, names: names))
    }
  }
}
