internal import CLinux
internal import Glibc

/// Walks from the root folder to the folder of a file, one component of the path at a time, and notes from where on another user
/// could have changed the way.
struct PathWalk {
  private static let mostLinks = 40

  /// The open folder (O_PATH).
  private(set) var folder: Descriptor
  private(set) var path = ""
  private(set) var name = ""
  private(set) var isExposed = false
  private(set) var guardian: FolderGuard
  private let file: String
  /// Nil if links that a stranger could have created are refused.
  private let isFound: ((PathStranger) -> Bool)?
  private var stranger: PathStranger?
  private var followsLast = true
  private var links = 0
  /// The components still to be walked, the next one last.
  private var rest: [String]

  /// - Parameter followsLast: a link at the end of the path, too.
  init(to file: String, make: Bool, followsLast: Bool = true) throws(SystemError) {
    try self.init(from: file, isFound: nil)
    self.followsLast = followsLast
    try walk(make: make)
  }

  /// Follows every link, and stops at the stranger in question: what comes after may be anything.
  static func stranger(onTheWayTo file: String, where isFound: @escaping (PathStranger) -> Bool) -> PathStranger? {
    guard var walk = try? PathWalk(from: file, isFound: isFound) else { return nil }
    try? walk.walk(make: false)
    return walk.stranger
  }

  private init(from file: String, isFound: ((PathStranger) -> Bool)?) throws(SystemError) {
    guard file.utf8.first == UInt8(ascii: "/"), !file.utf8.contains(0) else { throw SystemError("open \(file)", errno: EINVAL) }
    self.file = file
    self.isFound = isFound
    rest = Self.parts(file)
    folder = try Descriptor(pup_open_folder(AT_FDCWD, "/", false), "open /")
    guardian = FolderGuard(try Self.status(folder, file))
    isExposed = !guardian.isSafe
  }

  private mutating func walk(make: Bool) throws(SystemError) {
    while stranger == nil, let part = rest.popLast() {
      let isLast = rest.isEmpty
      var info = stat()
      let isThere = fstatat(folder.number, part, &info, AT_SYMLINK_NOFOLLOW) == 0
      let error = errno
      if isThere, info.st_mode & S_IFMT == S_IFLNK, followsLast || !isLast, !pup_is_procfs(folder.number) {
        note(info, part)
        if isFound == nil, isExposed || !guardian.vouches(for: info.st_uid) {
          throw SystemError(
            "open \(file): \(path)/\(part) is a link, and other users may change the folder or one above it", errno: EPERM)
        }
        if stranger == nil { try follow(part) }
      } else if isLast {
        // If nobody else can replace it by another file, its owner cannot redirect it.
        if isThere, !guardian.isSafe { note(info, part) }
        isExposed = isExposed || !guardian.isSafe
        name = part
      } else {
        if !isThere { try makeFolder(part, make && rest.count == 1 && error == ENOENT, error) }
        try enter(part)
      }
    }
    if name.isEmpty || name == ".." { throw SystemError("open \(file)", errno: EISDIR) }
  }

  private mutating func enter(_ part: String) throws(SystemError) {
    let next = try Descriptor(
      pup_open_folder(folder.number, part, pup_is_procfs(folder.number)), "open \(path)/\(part)")
    let info = try Self.status(next, file)
    note(info, part)
    let below = FolderGuard(info)
    isExposed = isExposed || !guardian.vouches(for: below.owner) || !below.isSafe && !below.isSticky
    guardian = below
    folder = next
    path = part == ".." ? Self.parent(path) : path + "/" + part
  }

  private mutating func note(_ info: stat, _ part: String) {
    guard let isFound, stranger == nil, !Owner.isCertain(info.st_uid) else { return }
    let met = PathStranger(place: path + "/" + part, user: info.st_uid, group: info.st_gid)
    if isFound(met) { stranger = met }
  }

  private func makeFolder(_ part: String, _ isWanted: Bool, _ error: Int32) throws(SystemError) {
    guard isWanted else { throw SystemError("open \(path)/\(part)", errno: error) }
    let code = guardian.asOwner { pup_mkdirat(folder.number, part, 0o755) }
    if code != -EEXIST { try check(code, "mkdir \(path)/\(part)") }
  }

  private mutating func follow(_ part: String) throws(SystemError) {
    links += 1
    guard links <= Self.mostLinks else { throw SystemError("open \(file)", errno: ELOOP) }
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = Int(try check(pup_readlinkat(folder.number, part, &target, target.count), "readlink \(path)/\(part)"))
    let text = String(decoding: target[..<count].lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    rest += Self.parts(text)
    guard text.utf8.first == UInt8(ascii: "/") else { return }
    folder = try Descriptor(pup_open_folder(AT_FDCWD, "/", false), "open /")
    guardian = FolderGuard(try Self.status(folder, file))
    path = ""
  }

  /// The last component first.
  private static func parts(_ path: String) -> [String] {
    path.utf8.split(separator: UInt8(ascii: "/")).reversed().map { String(Substring($0)) }.filter { $0 != "." }
  }

  private static func parent(_ path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
  }

  private static func status(_ folder: Descriptor, _ file: String) throws(SystemError) -> stat {
    var info = stat()
    guard fstat(folder.number, &info) == 0 else { throw SystemError("fstat \(file)", errno: errno) }
    return info
  }
}
